//! `practice`: a ledger of samples beside the real one, and its end.

use std::path::Path;

use app::Result;
use clap::Subcommand;
use serde_json::json;

use crate::run::{Out, pin};

#[derive(Debug, Subcommand)]
pub(crate) enum PracticeCommand {
    /// Makes it, in the place of the last one; a new PIN opens it, with --data and the folder that is said.
    Begin {
        /// The name under which its records are written.
        #[arg(long, default_value = "练习用户")]
        name: String,
    },
    /// Removes it with everything in it. Opening the window does so as well.
    End,
}

pub(crate) fn run(folder: &Path, command: &PracticeCommand, out: &Out) -> Result<()> {
    match command {
        PracticeCommand::Begin { name } => {
            let places = app::begin_practice(folder, name, Some(&pin(true)?))?.practice_places()?;
            let folder = app::practice_folder(folder);
            let words = format!(
                "练习台账在 {0}。以后的命令加 --data {0}，例如 list works、conflicts、refused；用完 practice end。",
                folder.display()
            );
            out.print(&json!({"folder": folder, "places": places}), |_| words)
        }
        PracticeCommand::End => {
            let removed = app::end_practice(folder)?;
            let words = if removed {
                "练习台账已删除，没有留下任何文件。"
            } else {
                "这里没有练习台账。"
            };
            out.print(&json!({"removed": removed}), |_| words.to_owned())
        }
    }
}
