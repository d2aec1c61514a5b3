//! The same tests once more, with the district's database on PostgreSQL.

#![allow(clippy::duplicate_mod, reason = "each file brings the laptops that it needs, here as on its own")]

mod common;

#[path = "attachments.rs"]
mod attachments;
#[path = "enrolment.rs"]
mod enrolment;
#[path = "exchange.rs"]
mod exchange;
#[path = "terminal.rs"]
mod terminal;
#[path = "uploads.rs"]
mod uploads;
