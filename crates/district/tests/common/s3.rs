//! A real S3 server, from crates.io: over HTTP, with signed requests, multipart
//! uploads and ranges. Each lives in a folder and a thread of its own.

#![allow(dead_code, reason = "everyone uses their part")]

use std::path::PathBuf;
use std::thread::JoinHandle;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const BUCKET: &str = "photos";
const PREFIX: &str = "huangjian";
const KEY: (&str, &str) = ("DISTRICT7", "a secret/with+odd=signs");

/// A running server with one bucket. Dropping it stops it.
pub(crate) struct S3 {
    address: std::net::SocketAddr,
    root: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl S3 {
    pub(crate) fn start() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(root.path().join(BUCKET)).expect("a bucket");
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        socket.set_nonblocking(true).expect("a socket");
        let address = socket.local_addr().expect("an address");
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root.path()).expect("a folder"));
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let service = service.build();
        let (stop, mut stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(socket).expect("a listener");
                loop {
                    let (stream, _) = tokio::select! {
                        taken = listener.accept() => taken.expect("a connection"),
                        _ = &mut stopped => return,
                    };
                    let service = service.clone();
                    tokio::spawn(async move {
                        let http = auto::Builder::new(TokioExecutor::new());
                        // A client that goes away is no fault of the server.
                        let _ = http.serve_connection(TokioIo::new(stream), service).await;
                    });
                }
            });
        });
        Self { address, root, stop: Some(stop), thread: Some(thread) }
    }

    /// As an administrator gives it to `--attachments`.
    pub(crate) fn url(&self) -> String {
        let secret = KEY.1.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D").replace(' ', "%20");
        format!("{}&access_key_id={}&secret_access_key={secret}", self.place(), KEY.0)
    }

    /// The same without its keys.
    pub(crate) fn place(&self) -> String {
        format!("s3://{BUCKET}/{PREFIX}?endpoint=http%3A%2F%2F{}&region=cn-east-1", self.address)
    }

    /// The keys, as an administrator puts them into the environment.
    pub(crate) fn keys() -> [(&'static str, &'static str); 2] {
        [("AWS_ACCESS_KEY_ID", KEY.0), ("AWS_SECRET_ACCESS_KEY", KEY.1)]
    }

    /// Where the server keeps the objects of the prefix, each as a file.
    pub(crate) fn files(&self) -> PathBuf {
        self.root.path().join(BUCKET).join(PREFIX)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // A panic in there fails the test that it served.
        }
    }
}
