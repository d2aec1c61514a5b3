//! The desktop program in a plain browser: the same pages, the same commands, the
//! same laptop, and no window. The journeys in `ui/journeys` use it.
//!
//! Tauri's own stand-in for a window takes each call, so that the table of
//! commands, the reading of arguments and the words of refusals are those of the
//! program; there is no second list that could lag behind. What crosses is in
//! [`bridge`]; the pages find it where Tauri would be (`window.js`).
//!
//! Only this machine can reach it, and only with the token in its address. It
//! ends with its input, so that it never outlives the test that began it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its address and its end are all it says")]

mod bridge;
mod pages;

use std::io::Read;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bridge::Bridge;
use data_encoding::HEXLOWER;
use pages::Pages;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [data, pages] = arguments.as_slice() else {
        eprintln!("nonghuan-browser-window LAPTOP PAGES: the laptop in one folder, shown by the pages in the other");
        return ExitCode::from(2);
    };
    let served = desktop::take_hands().map_err(Into::into);
    match served.and_then(|()| tauri::async_runtime::block_on(serve(data, pages))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the input ends.
async fn serve(data: &Path, pages: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let pages = Pages::read(pages)?;
    let bridge = Bridge::over(data)?;
    let mut secret = [0; 16];
    getrandom::fill(&mut secret)?;
    let top = format!("/{}", HEXLOWER.encode(&secret));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}{top}/", listener.local_addr()?);
    let all = pages.routes(&top).nest(&top, bridge.routes());
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new()); // However it ends, the owner is gone.
        let _ = ended.send(());
    });
    tokio::select! {
        served = axum::serve(listener, all).into_future() => Ok(served?),
        _ = end => Ok(()),
    }
}
