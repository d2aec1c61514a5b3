//! The running server: one port, on which TLS carries everything, and plain HTTP
//! only the health page and the advice to use https.
//!
//! The first byte tells the two apart: a TLS handshake begins with 0x16, and no
//! HTTP method does. So there is one address to open in a firewall, and a person
//! who types it into a browser gets an answer that helps.
//!
//! The server has a thread and a runtime of its own, so that it can be started
//! and stopped from anywhere: the program's main, a test, another runtime.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio_rustls::TlsAcceptor;

use crate::collect::Collected;
use crate::database::setting;
use crate::district::District;
use crate::error::{DistrictError, Result};
use crate::folder::Location;
use crate::news::Bell;
use crate::routes;

/// How long a new connection may take to say what it wants.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// How long requests in progress may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// How often what belongs to nobody is looked for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The most connections at once; further ones wait to be taken.
const CONNECTIONS: usize = 1_024;

/// The first byte of every TLS connection.
const TLS_HANDSHAKE: u8 = 0x16;

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// The district's data.
    pub location: Location,
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
}

/// Starts servers.
pub struct Server;

/// A server that listens. Dropping it stops it.
pub struct Running {
    /// Where it listens, with the port that it was given.
    pub address: SocketAddr,
    district: Arc<District>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Opens the district and listens. Connections are taken when this returns.
    ///
    /// # Errors
    /// Those of [`District::open`], [`DistrictError::PortInUse`],
    /// [`DistrictError::CannotListen`] and [`DistrictError::AttachmentsUnusable`].
    pub fn start(config: &Config) -> Result<Running> {
        // The port first: who starts a second server by mistake founds nothing by it.
        let socket =
            std::net::TcpListener::bind(config.listen).map_err(|error| cannot_listen(config.listen, &error))?;
        let address = socket.local_addr()?;
        socket.set_nonblocking(true)?;
        let district = Arc::new(District::open(&config.location)?);
        district.database.write(|tx| setting::write(tx, setting::ADDRESS, &address.to_string()))?;

        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(socket)?
        };
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, Arc::clone(&district), stopped);
        let collecting = collect_daily(Arc::clone(&district));
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let inside = Arc::clone(&district);
        let thread = std::thread::Builder::new().name("district".to_owned()).spawn(move || {
            // A wrong place is said here, and not to a hundred laptops later.
            let answers = runtime.block_on(inside.attachments.answers());
            let ready = answers.is_ok();
            let _ = tell.send(answers); // Who started us waits for it.
            if ready {
                runtime.spawn(collecting);
                runtime.block_on(serving);
            }
            // What is still in a file or the database ends by itself; a stuck
            // request must not keep the program from ending.
            runtime.shutdown_timeout(FAREWELL);
        })?;
        let running = Running { address, district, stop: Some(stop), thread: Some(thread) };
        let ended = |_| DistrictError::Unreadable { reason: "the server's thread ended at its start".to_owned() };
        told.recv().map_err(ended)??;
        Ok(running)
    }
}

impl Running {
    /// The district that is being served.
    #[must_use]
    pub fn district(&self) -> &Arc<District> {
        &self.district
    }

    /// `https://` and the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// SHA-256 of the certificate, by which laptops know the server.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        self.district.tls.fingerprint
    }

    /// Takes no more connections, lets requests in progress end, and returns.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the server's thread ended in a panic");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> DistrictError {
    let address = address.to_string();
    if error.kind() == std::io::ErrorKind::AddrInUse {
        DistrictError::PortInUse { address }
    } else {
        DistrictError::CannotListen { address, reason: error.to_string() }
    }
}

/// Lets go of what belongs to nobody, at the start and then once a day.
async fn collect_daily(district: Arc<District>) {
    let mut days = tokio::time::interval(DAY);
    loop {
        days.tick().await;
        match district.collect(chrono::Utc::now()).await {
            Ok(collected) if collected == Collected::default() => {}
            Ok(collected) => tracing::info!(?collected, "what belonged to nobody"),
            Err(error) => tracing::warn!(%error, "the collection broke off; it is tried again tomorrow"),
        }
    }
}

/// What a connection is served with.
struct Door {
    tls: TlsAcceptor,
    secure: Router,
    plain: Router,
}

async fn serve(listener: TcpListener, district: Arc<District>, mut stopped: oneshot::Receiver<()>) {
    let listening = Arc::clone(&district);
    let watching = tokio::spawn(Bell::watch(Arc::clone(&district)));
    let door = Arc::new(Door {
        tls: TlsAcceptor::from(Arc::clone(&district.tls.config)),
        secure: routes::secure(Arc::clone(&district)),
        plain: routes::plain(district),
    });
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = &mut stopped => break,
        };
        match taken {
            Ok((stream, peer)) => {
                let (door, watcher) = (Arc::clone(&door), graceful.watcher());
                tokio::spawn(async move {
                    if let Err(error) = attend(stream, &door, watcher).await {
                        tracing::debug!(%peer, %error, "connection ended");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file handles, most likely: let some connections end first.
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    listening.bell.close();
    watching.abort();
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still in progress when the server stopped");
    }
}

type Ended = std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn attend(stream: TcpStream, door: &Door, watcher: Watcher) -> Ended {
    stream.set_nodelay(true)?;
    let mut first = [0];
    if tokio::time::timeout(HANDSHAKE, stream.peek(&mut first)).await?? == 0 {
        return Ok(()); // Someone looked whether the port is open.
    }
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(HANDSHAKE);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(HANDSHAKE);
    if first == [TLS_HANDSHAKE] {
        let stream = tokio::time::timeout(HANDSHAKE, door.tls.accept(stream)).await??;
        let service = TowerToHyperService::new(door.secure.clone());
        watcher.watch(http.serve_connection(TokioIo::new(stream), service).into_owned()).await
    } else {
        let service = TowerToHyperService::new(door.plain.clone());
        watcher.watch(http.serve_connection(TokioIo::new(stream), service).into_owned()).await
    }
}
