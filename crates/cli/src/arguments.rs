//! What may be typed after `nonghuan`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// 农环台账 Nonghuan: village remediation records on this laptop.
#[derive(Debug, Parser)]
#[command(name = "nonghuan", version)]
pub(crate) struct Arguments {
    /// The laptop's folder; the platform's data folder when not given.
    #[arg(long, env = "NONGHUAN_DATA", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// One JSON document on stdout instead of words.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes this folder a laptop of the district, with a one-time code.
    Enrol {
        /// The code, as the district gave it.
        #[arg(required_unless_present = "picture")]
        code: Option<String>,
        /// A picture of its QR code instead.
        #[arg(long, value_name = "FILE", conflicts_with = "code")]
        picture: Option<PathBuf>,
        /// The name of the person who will use the laptop.
        #[arg(long)]
        name: String,
    },
    /// Asks to be let in from a laptop without a line: writes a request on a stick, for the district to answer.
    EnrolRequest {
        /// The file on the stick, or its folder.
        file: PathBuf,
        /// The one-time code, as the district gave it.
        #[arg(long, required_unless_present = "picture")]
        code: Option<String>,
        /// A picture of its QR code instead.
        #[arg(long, value_name = "FILE", conflicts_with = "code")]
        picture: Option<PathBuf>,
        /// The name of the person who will use the laptop.
        #[arg(long)]
        name: String,
    },
    /// Reads the district's reply to that, which makes this folder a laptop and brings its first records.
    EnrolReply {
        /// The district's file.
        file: PathBuf,
    },
    /// Makes a laptop that its district does not know any more one of its laptops again; all that is here stays.
    EnrolAgain {
        /// A new code of the same district.
        code: String,
    },
    /// A ledger of samples to learn on, in a folder of its own; nothing of it leaves this laptop.
    #[command(subcommand)]
    Practice(crate::practice::PracticeCommand),
    /// What is waiting, sending, in conflict or refused.
    Status,
    /// Adds a record; prints its id.
    Add {
        /// The kind: township, village, works, progress, application …
        kind: String,
        /// Its fields, as field=value.
        #[arg(value_parser = field)]
        fields: Vec<(String, String)>,
    },
    /// Sets fields of a record; an empty value empties a field.
    Set {
        /// The record's id.
        id: String,
        /// The fields, as field=value.
        #[arg(value_parser = field, required = true)]
        fields: Vec<(String, String)>,
        /// Only says whether it would be refused, and why; nothing is written.
        #[arg(long)]
        check: bool,
    },
    /// Deletes a record; its history stays.
    Delete {
        /// The record's id.
        id: String,
    },
    /// Brings a deleted record back.
    Restore {
        /// The record's id.
        id: String,
    },
    /// Shows a record.
    Show {
        /// The record's id.
        id: String,
    },
    /// Lists the records of a kind.
    List {
        /// The kind.
        kind: String,
        /// Only those whose field holds this value.
        #[arg(long = "where", value_name = "FIELD=VALUE", value_parser = field)]
        filters: Vec<(String, String)>,
        /// Only those in which every one of these words occurs.
        #[arg(long, value_name = "WORDS")]
        find: Option<String>,
        /// What a number or money field comes to over the whole list, in place of its records.
        #[arg(long = "sum", value_name = "FIELD")]
        sums: Vec<String>,
        /// The field to sort by; -FIELD for largest first.
        #[arg(long, allow_hyphen_values = true)]
        sort: Option<String>,
        /// At most so many.
        #[arg(long)]
        limit: Option<u32>,
        /// Passing over so many.
        #[arg(long)]
        offset: Option<u32>,
    },
    /// Finds records by words.
    Search {
        /// The words.
        text: String,
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Who did what to a record, and when.
    History {
        /// The record's id.
        id: String,
    },
    /// Attaches files to a record.
    Attach {
        /// The record's id.
        id: String,
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The field to put them into; `photos` when not given.
        #[arg(long)]
        field: Option<String>,
    },
    /// Moves a record along its lifecycle.
    Move {
        /// The record's id.
        id: String,
        /// The state to reach.
        state: String,
        /// What there is to say about it.
        #[arg(long)]
        remark: Option<String>,
    },
    /// Reads records from an Excel or CSV table: checked first, written as one step.
    Import(crate::import::Import),
    /// Writes records to an Excel table, plain or by a template.
    Export(crate::export::Export),
    /// Compiles an application into a package; shows its pages before.
    Compile(crate::package::CompileCommand),
    /// Subsidy programmes: read, checked, tried, published.
    #[command(subcommand)]
    Programme(crate::programme::ProgrammeCommand),
    /// What an application comes to under its programme, step by step.
    Amount {
        /// The application's id.
        application: String,
        /// The day on which it is computed; today when not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Checks a package; needs no laptop.
    Verify {
        /// The package.
        file: PathBuf,
    },
    /// What the records of a place come to, beside what is asked of it.
    Indicators {
        /// A village or township by code or name, or the district by its six digits.
        place: String,
        /// The date that the figures are of; today when not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// The month report, filled from the records.
    MonthReport {
        /// The month, as YYYY-MM.
        month: String,
        /// The township, where this laptop has several.
        #[arg(long, value_name = "CODE")]
        township: Option<String>,
        /// Hands it in: its rows stay as they are now.
        #[arg(long)]
        hand_in: bool,
    },
    /// What the scores and rectifications of an acceptance come to.
    Acceptance {
        /// The acceptance's id.
        id: String,
    },
    /// Money: entries that are only added to, what they come to, and what may be paid.
    #[command(subcommand)]
    Fund(crate::fund::FundCommand),
    /// The settlement of an application's reward, village by village.
    Settlement {
        /// The application's id.
        application: String,
        /// Makes a record for each village, to be filled in, and brings their figures up to date.
        #[arg(long)]
        begin: bool,
        /// Hands it in: its figures stay as they are now.
        #[arg(long)]
        hand_in: bool,
    },
    /// The self-evaluation of an application: what was reached of its targets, and the score.
    Evaluation {
        /// The application's id.
        application: String,
        /// The year whose money counts; this year when not given.
        #[arg(long)]
        year: Option<i64>,
        /// Hands it in: its figures stay as they are now.
        #[arg(long)]
        hand_in: bool,
    },
    /// What is due: reports, rectifications, notices.
    Reminders,
    /// Works under way without an entry of progress or a photo for a while.
    Still {
        /// For how many days.
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
    /// One exchange with the district.
    Sync {
        /// Goes on until stopped.
        #[arg(long)]
        watch: bool,
    },
    /// Sets another PIN; the old one or the recovery key is asked for first.
    Pin,
    #[command(flatten)]
    Exchange(crate::exchange::ExchangeCommand),
    #[command(flatten)]
    Application(crate::application::ApplicationCommand),
    #[command(flatten)]
    Evidence(crate::evidence::EvidenceCommand),
    /// The photos of a works by spot and phase; without a works, how original files move.
    Photos {
        /// The works' id.
        #[arg(conflicts_with_all = ["later", "now", "limit"])]
        works: Option<String>,
        /// They wait here until told otherwise; records go at once.
        #[arg(long, conflicts_with = "now")]
        later: bool,
        /// They go after the records.
        #[arg(long)]
        now: bool,
        /// At most so many bytes a second, both ways together; 0 for as fast as the line is.
        #[arg(long, value_name = "BYTES")]
        limit: Option<u64>,
    },
    /// New programs: what the district offers, or a file from a stick.
    #[command(subcommand)]
    Update(crate::update::Update),
    /// Reads every log on this laptop and says what does not hold, if anything.
    Audit,
    /// The exchange in files on a stick.
    #[command(subcommand)]
    Bundle(crate::bundle::Bundle),
    /// A village's file (一村一档): what is there and what is missing, as a folder, as a PDF.
    Dossier(crate::dossier::DossierCommand),
    /// Works that may have been recorded twice, with what speaks for it.
    Duplicates,
    /// Joins the works OTHER into KEEP; nothing of either is lost.
    Join {
        /// The works that is kept.
        keep: String,
        /// The one that is found under it from then on.
        other: String,
    },
    /// Makes a joined works one of its own again.
    Unjoin {
        /// The works that was joined into another.
        other: String,
    },
    /// Says that two works are two, so that they are not offered again.
    Distinct {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// Places: found by name, pinyin and code, and through the years.
    #[command(subcommand)]
    Place(crate::place::PlaceCommand),
    /// The open conflicts, with both values.
    Conflicts,
    /// Decides a conflict.
    Settle {
        /// The conflict's id.
        conflict: String,
        /// `standing`, `parked`, or field=value for something else.
        #[arg(required = true)]
        decision: Vec<String>,
    },
    /// The changes that the district refused.
    Refused,
    /// Sends a refused change again, with these fields in the place of what it said.
    Resend {
        /// The change's id.
        change: String,
        /// The fields, as field=value.
        #[arg(value_parser = field)]
        fields: Vec<(String, String)>,
    },
    /// Gives up a refused change.
    Discard {
        /// The change's id.
        change: String,
    },
}

pub(crate) fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected field=value".to_owned()),
    }
}
