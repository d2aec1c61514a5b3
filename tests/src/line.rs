//! The line between a laptop and its district, to be cut as a village line is.
//!
//! A plain TCP relay: TLS goes through it untouched, so the two ends notice
//! nothing but what a real line would do to them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{Trouble, trouble};

/// A relay to one district.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    cut: AtomicBool,
    /// Once so many bytes were sent, nothing of what the district says goes through; the laptop waits.
    deaf_from: AtomicU64,
    /// Bytes that went from laptops to the district.
    sent: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
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
            open: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if shared.cut.load(SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(to) else { continue };
                relay(&near, &far, &shared, Way::ToDistrict);
                relay(&far, &near, &shared, Way::ToLaptop);
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

    /// The line is whole again.
    pub fn mend(&self) {
        self.cut();
        self.state.deaf_from.store(u64::MAX, SeqCst);
        self.state.cut.store(false, SeqCst);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    ToDistrict,
    ToLaptop,
}

fn relay(from: &TcpStream, to: &TcpStream, state: &Arc<State>, way: Way) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    let state = Arc::clone(state);
    thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(read) = from.read(&mut buffer) {
            if read == 0 {
                break;
            }
            if way == Way::ToDistrict {
                state.sent.fetch_add(read as u64, SeqCst);
            } else if state.sent.load(SeqCst) >= state.deaf_from.load(SeqCst) {
                continue;
            }
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
