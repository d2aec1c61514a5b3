//! What a person can do, done on real laptops against a real district: its server
//! on a free port, SQLCipher files, TLS with the certificate pinned.
//!
//! One program, for every further one would link the typesetter again.

mod apart;
mod application;
mod attach;
mod boundaries;
mod bundle;
mod camera;
mod compile;
mod conflicts;
mod diagnose;
mod dossier;
mod duplicates;
mod enrol;
mod exchange;
mod exchange_log;
mod export;
mod files;
mod findings;
mod funds;
mod import;
mod indicators;
mod month_report;
mod phone;
mod pin;
mod places;
mod practice;
mod programmes;
mod refused;
mod save;
mod settlement;
mod still;
mod take;
mod world;
