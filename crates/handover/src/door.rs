//! The open door: a thread that listens until somebody shuts it or time does.

use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::{Desk, End, Error, Keep, News, Terms, Told, address, routes};

/// How long a connection may take to say what it wants.
const HEAD: Duration = Duration::from_secs(15);

/// How long the last answer may take to reach the phone.
const FAREWELL: Duration = Duration::from_secs(3);

/// The most connections at once; a phone opens up to six.
const CONNECTIONS: usize = 24;

/// An open door. Dropping it shuts it.
pub struct Handover {
    /// The addresses that a phone may open, the likeliest first.
    pub urls: Vec<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the routes share.
pub(crate) struct Door {
    pub(crate) token: String,
    pub(crate) session: String,
    pub(crate) desk: Desk,
    pub(crate) terms: Terms,
    pub(crate) hosts: Vec<String>,
    /// Whether a phone began, so that the token is spent.
    pub(crate) begun: Mutex<bool>,
    pub(crate) count: AtomicU32,
    /// One photo in memory at a time.
    pub(crate) turn: Semaphore,
    pub(crate) last: Mutex<Instant>,
    pub(crate) ended: mpsc::Sender<()>,
    pub(crate) keep: Keep,
    pub(crate) told: Told,
}

/// Opens a door for one phone. It is open when this returns.
///
/// # Errors
/// [`Error`].
pub fn open(terms: Terms, desk: Desk, keep: Keep, told: Told) -> Result<Handover, Error> {
    let socket = StdListener::bind(terms.listen)?;
    let port = socket.local_addr()?.port();
    let own = address::reachable(terms.listen);
    if own.is_empty() {
        return Err(Error::NoNetwork);
    }
    socket.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        TcpListener::from_std(socket)?
    };
    let (ended, by_phone) = mpsc::channel(1);
    let token = secret()?;
    let host = |ip: &Ipv4Addr| SocketAddr::from((*ip, port)).to_string();
    let hosts: Vec<String> = own.iter().map(host).collect();
    let urls = hosts.iter().map(|host| format!("http://{host}/{token}")).collect();
    let door = Arc::new(Door {
        session: secret()?,
        begun: Mutex::new(false),
        count: AtomicU32::new(0),
        turn: Semaphore::new(1),
        last: Mutex::new(Instant::now()),
        token,
        desk,
        terms,
        hosts,
        ended,
        keep,
        told,
    });
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new().name("handover".to_owned()).spawn(move || {
        let told = Arc::clone(&door.told);
        let by = runtime.block_on(serve(&listener, &door, stopped, by_phone));
        drop(listener);
        let count = door.count.load(Ordering::Relaxed);
        drop(door);
        runtime.shutdown_timeout(FAREWELL);
        told(News::Ended { by, count });
    })?;
    Ok(Handover { urls, stop: Some(stop), thread: Some(thread) })
}

impl Handover {
    /// Waits until the door is shut, by the phone or by time.
    pub fn wait(mut self) {
        self.join();
        self.stop = None;
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the door's thread ended in a panic");
        }
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.join();
    }
}

impl Door {
    /// Notes that something came.
    pub(crate) fn stir(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn quiet(&self) -> Duration {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Serves until the door is to be shut; by whom.
async fn serve(
    listener: &TcpListener,
    door: &Arc<Door>,
    mut stopped: oneshot::Receiver<()>,
    mut by_phone: mpsc::Receiver<()>,
) -> End {
    let app = routes::all(Arc::clone(door));
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let whole = tokio::time::sleep(door.terms.whole);
    tokio::pin!(whole);
    loop {
        let idle = tokio::time::sleep(door.terms.idle.saturating_sub(door.quiet()));
        let stream = tokio::select! {
            taken = listener.accept() => taken.map(|(stream, _)| stream),
            () = &mut whole => return End::Time,
            () = idle => {
                if door.quiet() >= door.terms.idle { return End::Time }
                continue;
            }
            _ = by_phone.recv() => return End::Phone,
            _ = &mut stopped => return End::Laptop,
        };
        // Further ones are dropped at once: whoever opens so many is no phone.
        if let (Ok(stream), Ok(place)) = (stream, Arc::clone(&places).try_acquire_owned()) {
            let app = app.clone();
            tokio::spawn(async move {
                answer(stream, app).await;
                drop(place);
            });
        }
    }
}

async fn answer(stream: TcpStream, app: axum::Router) {
    let mut http = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let served = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)).await;
    if let Err(error) = served {
        tracing::debug!(%error, "a phone's connection ended");
    }
}

/// 128 bits that nobody guesses, short enough for a QR code that any camera reads.
fn secret() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}
