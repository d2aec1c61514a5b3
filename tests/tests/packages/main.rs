//! An application package by the real programs, from the sample township's records
//! to the district's countersignature: read by others' tools (a BagIt validator, a
//! PDF reader, a spreadsheet reader), and changed by somebody who means harm.

mod harm;
mod sample;
mod volume;
