//! The line between a laptop and its district, as bad as a village line is.
//!
//! A plain TCP relay: TLS goes through it untouched, so the two ends notice
//! nothing but what a real line would do to them: it breaks, it is slow, it bends
//! a bit here and there, it hears one side only.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::wait::pass;
use crate::{Chance, Trouble, trouble};

/// A relay to one district.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
}

/// What the line does to what it carries.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// Each connection breaks once it has carried so many bytes, both ways together.
    pub breaks_after: Option<Range<u64>>,
    /// Each piece is held back for so many milliseconds.
    pub delay: Option<Range<u64>>,
    /// In this direction, one bit is bent in so many bytes.
    pub bends: Option<(Way, Range<u64>)>,
    /// Nothing comes through in this direction any more.
    pub silent: Option<Way>,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// What a laptop says.
    ToDistrict,
    /// What the district says.
    ToLaptop,
}

#[derive(Debug)]
struct State {
    cut: AtomicBool,
    /// Once so many bytes were sent, nothing of what the district says goes through; the laptop waits.
    deaf_from: AtomicU64,
    /// Bytes that went from laptops to the district.
    sent: AtomicU64,
    /// Bytes that came from the district.
    received: AtomicU64,
    /// Bits that were bent, and connections that broke of themselves.
    bent: AtomicU64,
    broken: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
    weather: Mutex<(Weather, Chance)>,
}

impl State {
    fn weather(&self) -> MutexGuard<'_, (Weather, Chance)> {
        self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number in the range, if there is one.
    fn draw(&self, range: impl FnOnce(&Weather) -> Option<Range<u64>>) -> Option<u64> {
        let mut weather = self.weather();
        let range = range(&weather.0)?;
        Some(weather.1.within(range))
    }
}

impl Line {
    /// A line to the district at `to`.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn to(to: SocketAddr) -> Result<Self, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(trouble("no port for the line"))?;
        let address = listener.local_addr().map_err(trouble("no port for the line"))?;
        let state = Arc::new(State {
            cut: AtomicBool::new(false),
            deaf_from: AtomicU64::new(u64::MAX),
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
            bent: AtomicU64::new(0),
            broken: AtomicU64::new(0),
            open: Mutex::default(),
            weather: Mutex::new((Weather::default(), Chance::of(0, "line"))),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if shared.cut.load(SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(to) else { continue };
                // A line holds nothing back to save packets.
                let _ = (near.set_nodelay(true), far.set_nodelay(true));
                let left = shared.draw(|weather| weather.breaks_after.clone()).unwrap_or(u64::MAX);
                let left = Arc::new(AtomicU64::new(left));
                relay(&near, &far, &shared, &left, Way::ToDistrict);
                relay(&far, &near, &shared, &left, Way::ToLaptop);
                let mut open = shared.open.lock().unwrap_or_else(PoisonError::into_inner);
                open.extend([near, far]);
            }
        });
        Ok(Self { address, state })
    }

    /// Where laptops find this line.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many bytes it has carried that way.
    #[must_use]
    pub fn carried(&self, way: Way) -> u64 {
        match way {
            Way::ToDistrict => self.state.sent.load(SeqCst),
            Way::ToLaptop => self.state.received.load(SeqCst),
        }
    }

    /// How many bits it has bent.
    #[must_use]
    pub fn bent(&self) -> u64 {
        self.state.bent.load(SeqCst)
    }

    /// How many connections it has broken, those aside that [`Line::cut`] cut.
    #[must_use]
    pub fn broken(&self) -> u64 {
        self.state.broken.load(SeqCst)
    }

    /// From now on it is like this; when each thing happens is drawn from `chance`.
    pub fn is_like(&self, weather: Weather, chance: Chance) {
        *self.state.weather() = (weather, chance);
    }

    /// Cuts it: open connections break, new ones are closed at once.
    pub fn cut(&self) {
        self.state.cut.store(true, SeqCst);
        for stream in self.state.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A connection that has ended by itself cannot be shut again.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Once laptops have sent `bytes` more, the district hears on, but its answers do not come back.
    pub fn lose_answers_after(&self, bytes: u64) {
        self.state.deaf_from.store(self.state.sent.load(SeqCst) + bytes, SeqCst);
    }

    /// The line is whole again, and the weather fine.
    pub fn mend(&self) {
        self.cut();
        self.state.deaf_from.store(u64::MAX, SeqCst);
        self.is_like(Weather::default(), Chance::of(0, "line"));
        self.state.cut.store(false, SeqCst);
    }
}

/// Carries one direction of one connection, until one of the ends closes it or it
/// has carried as much as it may.
fn relay(from: &TcpStream, to: &TcpStream, state: &Arc<State>, left: &Arc<AtomicU64>, way: Way) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    let (state, left) = (Arc::clone(state), Arc::clone(left));
    thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        let mut straight = 0;
        while let Ok(read) = from.read(&mut buffer) {
            let bytes = u64::try_from(read).unwrap_or(u64::MAX);
            let before = left.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(bytes))).unwrap_or(0);
            let goes = usize::try_from(before).unwrap_or(usize::MAX).min(read);
            let Some(piece) = buffer.get_mut(..goes).filter(|piece| !piece.is_empty()) else { break };
            let carried = if way == Way::ToDistrict { &state.sent } else { &state.received };
            carried.fetch_add(u64::try_from(goes).unwrap_or(0), SeqCst);
            if let Some(held_back) = state.draw(|weather| weather.delay.clone()) {
                pass(Duration::from_millis(held_back));
            }
            let deaf = way == Way::ToLaptop && state.sent.load(SeqCst) >= state.deaf_from.load(SeqCst);
            if deaf || state.weather().0.silent == Some(way) {
                continue;
            }
            bend(piece, &state, &mut straight, way);
            let written = to.write_all(piece);
            if goes < read {
                state.broken.fetch_add(1, SeqCst);
            }
            if written.is_err() || goes < read {
                break;
            }
        }
        // Both ends of both directions: a line that breaks is gone for both.
        let _ = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
    });
}

/// Bends a bit where one is due; `straight` is how many bytes come before it.
fn bend(piece: &mut [u8], state: &State, straight: &mut u64, way: Way) {
    let range = |weather: &Weather| weather.bends.as_ref().filter(|bends| bends.0 == way).map(|bends| bends.1.clone());
    if range(&state.weather().0).is_none() {
        *straight = 0;
        return;
    }
    let mut from = 0;
    loop {
        if *straight == 0 {
            *straight = state.draw(range).unwrap_or(u64::MAX).max(1);
        }
        let rest = piece.len() - from;
        match usize::try_from(*straight).ok().filter(|straight| *straight <= rest) {
            None => {
                *straight -= u64::try_from(rest).unwrap_or(0);
                return;
            }
            Some(due) => {
                from += due;
                *straight = 0;
                let bit = state.draw(|_| Some(0..8)).unwrap_or(0);
                if let Some(byte) = piece.get_mut(from - 1) {
                    *byte ^= 1 << bit;
                    state.bent.fetch_add(1, SeqCst);
                }
            }
        }
    }
}
