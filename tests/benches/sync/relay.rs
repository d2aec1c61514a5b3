//! A line that counts: a TCP relay between a laptop and its district. TLS goes
//! through untouched, so what it counts is what a village line would carry.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What went over the line since it was last asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Bytes from the laptop to the district.
    pub(crate) up: usize,
    /// Bytes from the district to the laptop.
    pub(crate) down: usize,
    /// How often the laptop spoke after the district had: round trips.
    pub(crate) trips: usize,
    /// Connections that were opened.
    pub(crate) opened: usize,
    listening: bool,
}

/// A relay to one district.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    counted: Arc<Mutex<Counted>>,
}

impl Relay {
    pub(crate) fn to(far: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("a port");
        let counted = Arc::new(Mutex::new(Counted::default()));
        let shared = Arc::clone(&counted);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(far) else { continue };
                shared.lock().expect("never poisoned").opened += 1;
                let _ = (near.set_nodelay(true), far.set_nodelay(true));
                pass(&near, &far, &shared, |counted, bytes| {
                    counted.up += bytes;
                    counted.trips += usize::from(!counted.listening);
                    counted.listening = true;
                });
                pass(&far, &near, &shared, |counted, bytes| {
                    counted.down += bytes;
                    counted.listening = false;
                });
            }
        });
        Self { address, counted }
    }

    /// What was counted since the last time.
    pub(crate) fn take(&self) -> Counted {
        std::mem::take(&mut *self.counted.lock().expect("never poisoned"))
    }
}

fn pass(from: &TcpStream, to: &TcpStream, counted: &Arc<Mutex<Counted>>, count: fn(&mut Counted, usize)) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    let counted = Arc::clone(counted);
    thread::spawn(move || {
        let mut buffer = [0; 64 << 10];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            count(&mut counted.lock().expect("never poisoned"), read);
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
