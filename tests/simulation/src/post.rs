//! Turns of the exchange, and what can happen to them on the way: lost, late,
//! twice, out of order, on a stick, or with the power gone in the middle.

use district::Arrival;
use domain::{Scope, Verdict};
use sync::turn::{self, Heard, Speaker};
use sync::wire::{Answer, Message, Part, open, seal};

use crate::ground::key_of;
use crate::oracle::{Broken, Promise, broken};
use crate::world::World;

/// A message or an answer that is on its way.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) laptop: usize,
    /// The body of the laptop that said it, or to which it is said.
    body: u32,
    /// The message's number in that body.
    said: u64,
    /// The district at that time.
    generation: u32,
    envelope: Vec<u8>,
    arrival: Arrival,
    answer: bool,
}

impl World<'_> {
    /// A laptop says something.
    pub(crate) fn compose(&mut self, number: usize, arrival: Arrival) -> Result<Option<(Letter, Message)>, Broken> {
        let at = self.time_at(number);
        let cut = self.power_cut();
        let laptop = &mut self.laptops[number];
        let district = self.district.public_key();
        let speaker = Speaker { district: &district, recipient: &laptop.recipient, at: &at };
        laptop.store.fail_after(cut).expect("a hook");
        let composed = turn::compose(&mut laptop.store, &speaker);
        laptop.store.fail_after(None).expect("a hook");
        self.touched.insert(number);
        let message = match composed {
            Ok(mut message) => {
                if self.weather.ahead && message.changes.len() > 1 {
                    message.changes.truncate(self.chance.within(1..message.changes.len() + 1));
                }
                message
            }
            Err(_) if cut.is_some() => {
                laptop.restart(self.ground);
                let line = format!("{} says something, and its power fails", laptop.name);
                self.say(line);
                return Ok(None);
            }
            Err(error) => return Err(broken(Promise::HonestIsHeard, format!("nothing can be said: {error}"))),
        };
        let letter = self.letter(number, &message, arrival);
        Ok(Some((letter, message)))
    }

    /// The message in its envelope.
    fn letter(&mut self, number: usize, message: &Message, arrival: Arrival) -> Letter {
        let laptop = &mut self.laptops[number];
        laptop.said = message.turn;
        let (body, said, generation) = (laptop.body, message.turn, self.generation);
        let line = format!("{} says {}", laptop.name, told(message));
        let envelope = seal(&key_of(laptop.device), laptop.id, message);
        self.say(line);
        Letter { laptop: number, body, said, generation, envelope, arrival, answer: false }
    }

    /// What a laptop says before it takes the answer to `message`, and what it is
    /// answered, where the line holds.
    fn speak_ahead(
        &mut self,
        number: usize,
        message: &Message,
        answer: &Letter,
    ) -> Result<Option<(Message, Option<Letter>)>, Broken> {
        let (at, district) = (self.time_at(number), self.district.public_key());
        let answer: Answer = open(&district, &answer.envelope)
            .map_err(|error| broken(Promise::HonestIsHeard, format!("an answer that does not open: {error}")))?;
        let laptop = &mut self.laptops[number];
        let speaker = Speaker { district: &district, recipient: &laptop.recipient, at: &at };
        let ahead = turn::to_follow(&laptop.store, message)
            .and_then(|next| turn::compose_ahead(&laptop.store, &speaker, message, &answer, next))
            .map_err(|error| broken(Promise::HonestIsHeard, format!("nothing can be said: {error}")))?;
        let Some(ahead) = ahead else { return Ok(None) };
        self.say("before it takes the answer:");
        let letter = self.letter(number, &ahead, Arrival::Line);
        let is_lost = self.weather.broken_lines && self.chance.percent(15);
        let answer = if is_lost { None } else { self.deliver(&letter)? };
        self.laptops[number].said = message.turn;
        Ok(Some((ahead, answer)))
    }

    /// The power of a laptop may fail after so many transactions.
    fn power_cut(&mut self) -> Option<u32> {
        let fails = self.weather.crashes && self.chance.percent(12);
        fails.then(|| u32::try_from(self.chance.within(0..7)).unwrap_or(0))
    }

    /// Whether what a letter says is about how things stand now.
    fn is_fresh(&self, letter: &Letter) -> bool {
        let laptop = &self.laptops[letter.laptop];
        letter.generation == self.generation && letter.body == laptop.body && letter.said == laptop.said
    }

    /// A message reaches the district, which may answer.
    pub(crate) fn deliver(&mut self, letter: &Letter) -> Result<Option<Letter>, Broken> {
        let name = self.laptops[letter.laptop].name.clone();
        let device = self.laptops[letter.laptop].device;
        let answered = self.district.exchange(&letter.envelope, letter.arrival);
        let envelope = match answered {
            Ok(envelope) => envelope,
            Err(error) => {
                self.say(format!("the district turns {name} away: {error}"));
                if self.is_fresh(letter) && !self.revoked.contains(&device) {
                    return Err(broken(Promise::HonestIsHeard, format!("{name} is turned away: {error}")));
                }
                return Ok(None);
            }
        };
        self.oracle.read_district(&self.district)?;
        let answer: Answer = open(&self.district.public_key(), &envelope)
            .map_err(|error| broken(Promise::HonestIsHeard, format!("an answer that does not open: {error}")))?;
        let may = &self.oracle.granted[&device];
        if let Some(news) = answer.scopes.iter().find(|news| !may.contains(&news.scope)) {
            let what = format!("{name} is told of {}", news.scope);
            return Err(broken(Promise::NothingOutsideItsScope, what));
        }
        self.say(format!("the district answers {name}: {}", answered_with(&answer)));
        let generation = self.generation;
        Ok(Some(Letter { envelope, generation, answer: true, ..letter.clone() }))
    }

    /// An answer reaches its laptop. What it brought, where it was taken whole.
    pub(crate) fn absorb(&mut self, letter: &Letter) -> Result<Option<Heard>, Broken> {
        let number = letter.laptop;
        let key = self.district.public_key();
        let answer: Answer = open(&key, &letter.envelope)
            .map_err(|error| broken(Promise::HonestIsHeard, format!("an answer that does not open: {error}")))?;
        let life = u32::try_from(self.chance.number() >> 34).unwrap_or(1).max(2);
        let (cut, fresh) = (self.power_cut(), self.is_fresh(letter));
        let laptop = &mut self.laptops[number];
        laptop.store.fail_after(cut).expect("a hook");
        let taken = turn::absorb(&mut laptop.store, &key, &answer, life);
        laptop.store.fail_after(None).expect("a hook");
        self.touched.insert(number);
        let (name, device) = (laptop.name.clone(), laptop.device);
        // A scope that was withdrawn from it may go now, with what only it still has of it.
        let may = &self.oracle.granted[&device];
        let withdrawn = !laptop.mind.may.is_subset(may);
        match taken {
            Ok(heard) => {
                if heard.current {
                    laptop.told_of(answer.scopes.iter().map(|news| news.scope.clone()));
                    laptop.mind.heard = laptop.mind.heard.max(letter.generation);
                }
                self.purged |= heard.purged.iter().any(|scope| !self.oracle.granted[&device].contains(scope));
                self.say(format!("{name} hears {} ({heard:?})", answered_with(&answer)));
                Ok(Some(heard))
            }
            Err(error) if cut.is_some() => {
                laptop.restart(self.ground);
                // It may have come so far.
                laptop.mind.may.extend(answer.scopes.iter().map(|news| news.scope.clone()));
                self.purged = withdrawn;
                self.say(format!("{name} hears {}, and its power fails: {error}", answered_with(&answer)));
                Ok(None)
            }
            Err(error) if fresh => {
                let what = format!("{name} cannot take {}: {error}", answered_with(&answer));
                Err(broken(Promise::HonestIsHeard, what))
            }
            Err(error) => {
                laptop.mind.may.extend(answer.scopes.iter().map(|news| news.scope.clone()));
                self.purged = withdrawn;
                self.say(format!("{name} passes over what is late: {error}"));
                Ok(None)
            }
        }
    }

    /// One turn over the line, with all that a line does.
    pub(crate) fn exchange(&mut self, number: usize) -> Result<Option<Heard>, Broken> {
        let Some((letter, message)) = self.compose(number, Arrival::Line)? else { return Ok(None) };
        let breaks = self.weather.broken_lines;
        if breaks && self.chance.percent(10) {
            self.say("the message is lost");
            return self.breaks(number, &message);
        }
        if breaks && self.chance.percent(8) {
            self.post.push(letter.clone());
        }
        let Some(answer) = self.deliver(&letter)? else { return Ok(None) };
        if breaks && self.chance.percent(10) {
            self.say("the answer is lost");
            return self.breaks(number, &message);
        }
        if breaks && self.chance.percent(12) {
            self.say("the answer is late");
            self.post.push(answer);
            return self.breaks(number, &message);
        }
        if breaks && self.chance.percent(8) {
            self.post.push(answer.clone());
        }
        let ahead = if self.weather.ahead { self.speak_ahead(number, &message, &answer)? } else { None };
        let heard = self.hear(number, &message, &answer)?;
        let (Some((message, answer)), true) = (ahead, heard.is_some()) else { return Ok(heard) };
        self.check()?;
        self.laptops[number].said = message.turn;
        match answer {
            Some(answer) => self.hear(number, &message, &answer),
            None => self.breaks(number, &message),
        }
    }

    /// A laptop hears the answer to its message over the line.
    fn hear(&mut self, number: usize, message: &Message, answer: &Letter) -> Result<Option<Heard>, Broken> {
        let heard = self.absorb(answer)?;
        if heard.as_ref().is_some_and(|heard| !heard.reborn) {
            self.went_out(number, message)?;
        }
        Ok(heard)
    }

    /// The line breaks before an answer is heard.
    fn breaks(&mut self, number: usize, message: &Message) -> Result<Option<Heard>, Broken> {
        self.went_out(number, message)?;
        self.check()?;
        Ok(None)
    }

    /// The laptop notes that a message is on its way, and shows it.
    pub(crate) fn went_out(&mut self, number: usize, message: &Message) -> Result<(), Broken> {
        self.touched.insert(number);
        turn::went_out(&mut self.laptops[number].store, message)
            .map_err(|error| broken(Promise::HonestIsHeard, format!("what went out cannot be noted: {error}")))
    }

    /// Something that is on its way arrives, perhaps not for the last time.
    pub(crate) fn arrives(&mut self) -> Result<(), Broken> {
        if self.post.is_empty() {
            return Ok(());
        }
        let at = self.chance.within(0..self.post.len());
        let mut letter = if self.chance.percent(30) { self.post[at].clone() } else { self.post.remove(at) };
        let device = self.laptops[letter.laptop].device;
        let twins = (0..self.laptops.len()).filter(|n| self.laptops[*n].device == device).collect::<Vec<_>>();
        if letter.answer && twins.len() > 1 {
            // Nobody can tell a laptop from its copy, and neither can who carries the stick.
            let twin = self.chance.one(&twins).copied().unwrap_or(letter.laptop);
            if twin != letter.laptop {
                (letter.laptop, letter.said) = (twin, 0);
            }
        }
        if self.chance.percent(10) {
            self.say("a stick is lost");
            return Ok(());
        }
        self.say(format!("something of {} arrives, said in turn {}", self.laptops[letter.laptop].name, letter.said));
        if letter.answer {
            return self.absorb(&letter).map(drop);
        }
        if let Some(answer) = self.deliver(&letter)? {
            self.post.push(answer);
        }
        Ok(())
    }

    /// What a laptop's clock says.
    pub(crate) fn time_at(&self, number: usize) -> String {
        let seconds = i64::try_from(self.now).unwrap_or(0) + self.laptops[number].skew;
        // Any text will do for a time that decides nothing, as long as it reads as one.
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, rest) = (1970 + day.div_euclid(372), day.rem_euclid(372));
        let (month, day) = (1 + rest / 31, (1 + rest % 31).min(28));
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00")
    }
}

/// A message in a line of the trace.
fn told(message: &Message) -> String {
    let counters: Vec<u64> = message.changes.iter().map(|change| change.counter).collect();
    let cursor = |cursor: &sync::wire::Cursor| {
        let fill = cursor.fill.as_ref().map(|fill| format!(" filling {}", fill.seq)).unwrap_or_default();
        format!("{}@{}{fill}", short(&cursor.scope), cursor.seq)
    };
    let cursors: Vec<String> = message.cursors.iter().map(cursor).collect();
    let returned: Vec<String> = message
        .returned
        .iter()
        .map(|part| {
            let seqs: Vec<u64> = part.entries.iter().map(|entry| entry.seq).collect();
            format!("{} {seqs:?}", short(&part.scope))
        })
        .collect();
    format!(
        "turn {} life {} changes {counters:?} holds {:?} knows {cursors:?} returns {returned:?}",
        message.turn, message.writer.incarnation, message.holds
    )
}

/// An answer in a line of the trace.
fn answered_with(answer: &Answer) -> String {
    let word = |receipt: &sync::wire::Receipt| {
        let name = match &receipt.verdict {
            Verdict::Refused { refusal } => format!("refused({refusal})"),
            other => other.name().to_owned(),
        };
        format!("{}={name}@{:?}", receipt.counter, receipt.seq)
    };
    let receipts: Vec<String> = answer.receipts.iter().map(word).collect();
    let part = |news: &sync::wire::News| {
        let what = match &news.part {
            Part::Nothing => "nothing".to_owned(),
            Part::Log(page) => format!("log {}..{}", page.after + 1, page.end()),
            Part::Fill(fill) => format!("fill {} at {} done {}", fill.records.len(), fill.seq, fill.done),
            Part::Past(page) => format!("past {}..{}", page.after + 1, page.end()),
            Part::Lost { seq, .. } => format!("lost after {seq}"),
            Part::Anew { common } => format!("anew after {common}"),
        };
        format!("{}/{}: {what}", short(&news.scope), news.head)
    };
    let parts: Vec<String> = answer.scopes.iter().map(part).collect();
    format!(
        "turn {} life {} next {} {receipts:?} stopped {:?} {parts:?} more {}",
        answer.turn, answer.incarnation, answer.next_counter, answer.stopped, answer.more
    )
}

/// The last digits of a scope.
pub(crate) fn short(scope: &Scope) -> &str {
    scope.as_str().get(4..).unwrap_or_default()
}
