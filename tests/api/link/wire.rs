//! A line between two services that can be cut: all at once, or one way without a word.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Open,
    /// Nothing is let through, and nothing is closed.
    Stalled,
}

/// How it is both ways; connections of an earlier life are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    there: Way,
    back: Way,
    refuses: bool,
    life: u64,
}

/// The line to one service.
pub(crate) struct Wire {
    port: u16,
    target: Arc<Mutex<Option<SocketAddr>>>,
    state: watch::Sender<State>,
    listening: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Wire {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target: Arc<Mutex<Option<SocketAddr>>> = Arc::default();
        let state = watch::Sender::new(State {
            there: Way::Open,
            back: Way::Open,
            refuses: false,
            life: 0,
        });
        let listening = tokio::spawn({
            let (target, state) = (Arc::clone(&target), state.subscribe());
            async move {
                loop {
                    let (from, _) = listener.accept().await.unwrap();
                    let now = *state.borrow();
                    let to = *target.lock().unwrap();
                    if let (Some(to), false) = (to, now.refuses) {
                        tokio::spawn(carry(from, to, state.clone(), now.life));
                    }
                }
            }
        });
        Self {
            port,
            target,
            state,
            listening,
        }
    }

    /// Where it begins.
    pub(crate) fn url(&self) -> String {
        format!("wss://localhost:{}/", self.port)
    }

    /// Where it ends.
    pub(crate) fn leads_to(&self, target: Option<SocketAddr>) {
        *self.target.lock().unwrap() = target;
    }

    /// Every connection is closed, now.
    pub(crate) fn cut(&self) {
        self.state.send_modify(|state| state.life += 1);
    }

    /// Every connection is closed, and none is made.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.state.send_modify(|state| {
            state.refuses = refuses;
            state.life += 1;
        });
    }

    /// From who dials, and back.
    pub(crate) fn stall(&self, there: Way, back: Way) {
        self.state
            .send_modify(|state| (state.there, state.back) = (there, back));
    }
}

async fn carry(from: TcpStream, to: SocketAddr, mut state: watch::Receiver<State>, life: u64) {
    let Ok(to) = TcpStream::connect(to).await else {
        return;
    };
    let ((a, b), (c, d)) = (from.into_split(), to.into_split());
    let (there, back) = (state.clone(), state.clone());
    tokio::select! {
        () = pump(a, d, there, |state| state.there) => {}
        () = pump(c, b, back, |state| state.back) => {}
        _ = state.wait_for(|state| state.life != life) => {}
    }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    way: impl Fn(&State) -> Way,
) {
    let mut bytes = vec![0; 4096];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else {
            return;
        };
        if state
            .wait_for(|state| way(state) == Way::Open)
            .await
            .is_err()
        {
            return;
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
