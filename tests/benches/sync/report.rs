//! What was measured, beside its limits, as one table.

/// One figure beside its limit.
struct Line {
    what: String,
    limit: String,
    floor: String,
    ours: String,
    ratio: String,
    kept: Option<bool>,
}

/// The figures so far.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

/// What a ratio must be.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Limit {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }
}

impl Report {
    /// A figure of ours over the floor's, both shown with `unit`.
    pub(crate) fn ratio(&mut self, what: &str, limit: Limit, floor: f64, ours: f64, unit: &str) {
        let ratio = ours / floor;
        let words = match limit {
            Limit::AtMost(most) => format!("≤ {most} ×"),
            Limit::AtLeast(least) => format!("≥ {least} ×"),
        };
        self.push(
            what,
            &words,
            &shown(floor, unit),
            &shown(ours, unit),
            &format!("{ratio:.2}"),
            Some(limit.holds(ratio)),
        );
    }

    /// A figure of ours that has a limit of its own.
    pub(crate) fn figure(&mut self, what: &str, limit: Limit, ours: f64, unit: &str) {
        let words = match limit {
            Limit::AtMost(most) => format!("≤ {} {unit}", plain(most)),
            Limit::AtLeast(least) => format!("≥ {} {unit}", plain(least)),
        };
        self.push(what, &words, "", &shown(ours, unit), "", Some(limit.holds(ours)));
    }

    /// A figure without a limit, with the floor's where there is one.
    pub(crate) fn note(&mut self, what: &str, floor: Option<f64>, ours: Option<f64>, unit: &str) {
        let ratio = floor.zip(ours).map(|(floor, ours)| format!("{:.2}", ours / floor)).unwrap_or_default();
        let cell = |figure: Option<f64>| figure.map(|figure| shown(figure, unit)).unwrap_or_default();
        self.push(what, "", &cell(floor), &cell(ours), &ratio, None);
    }

    fn push(&mut self, what: &str, limit: &str, floor: &str, ours: &str, ratio: &str, kept: Option<bool>) {
        let [limit, floor, ours, ratio] = [limit, floor, ours, ratio].map(str::to_owned);
        let line = Line { what: what.to_owned(), limit, floor, ours, ratio, kept };
        println!("    {}", line.shown());
        self.lines.push(line);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Prints everything; how many limits were not kept.
    pub(crate) fn close(&self) -> usize {
        let head = ["", "limit", "floor", "ours", "ratio"].map(str::to_owned);
        let [what, limit, floor, ours, ratio] = head;
        println!("\n{}", Line { what, limit, floor, ours, ratio, kept: None }.shown());
        for line in &self.lines {
            println!("{}", line.shown());
        }
        self.lines.iter().filter(|line| line.kept == Some(false)).count()
    }
}

impl Line {
    fn shown(&self) -> String {
        let word = match self.kept {
            None => "",
            Some(true) => "ok",
            Some(false) => "OVER",
        };
        let Self { what, limit, floor, ours, ratio, .. } = self;
        format!("{what:<58} {limit:>12} {floor:>16} {ours:>16} {ratio:>6} {word}").trim_end().to_owned()
    }
}

fn shown(figure: f64, unit: &str) -> String {
    format!("{} {unit}", plain(figure))
}

fn plain(figure: f64) -> String {
    if figure.fract() == 0.0 || figure.abs() >= 1_000.0 { format!("{figure:.0}") } else { format!("{figure:.1}") }
}
