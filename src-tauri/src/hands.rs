//! The threads on which commands run.
//!
//! A command holds its thread until it is done, for minutes where a package is
//! compiled or a large table read in. Tauri would start as many threads as the
//! machine has cores: on an office laptop with two, two long pieces of work would
//! leave none for a list or a save.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// More than one person begins at once. A thread that waits costs next to nothing.
const HANDS: usize = 16;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// Has Tauri run commands on these threads; to be called once, before anything of it is built.
///
/// # Errors
/// When the system starts no threads.
pub fn take_hands() -> io::Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(HANDS).enable_all().build()?;
    tauri::async_runtime::set(RUNTIME.get_or_init(|| runtime).handle().clone());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_list_is_answered_while_more_long_commands_run_than_the_machine_has_cores() {
        take_hands().expect("threads");
        let (mut ends, mut begun) = (Vec::new(), Vec::new());
        for _ in 1..HANDS {
            let ((end, ended), (say, heard)) = (channel::<()>(), channel());
            tauri::async_runtime::spawn(async move {
                say.send(()).expect("the test listens");
                ended.recv().ok(); // As a command does: it holds its thread.
            });
            ends.push(end);
            begun.push(heard);
        }
        for heard in begun {
            heard.recv_timeout(Duration::from_secs(60)).expect("each has a thread of its own");
        }
        let (say, heard) = channel();
        tauri::async_runtime::spawn(async move { say.send(()).expect("the test listens") });
        heard.recv_timeout(Duration::from_secs(60)).expect("there is one left");
        drop(ends);
    }
}
