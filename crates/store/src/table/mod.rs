//! One file for each table: its rows, and every statement over them.

pub(crate) mod attachment;
pub(crate) mod carried;
pub(crate) mod draft;
pub(crate) mod exchange;
pub(crate) mod import;
pub(crate) mod kept;
pub(crate) mod log;
pub(crate) mod meta;
pub(crate) mod outbox;
pub(crate) mod photo;
pub(crate) mod record;
pub(crate) mod refused;
pub(crate) mod scope;
