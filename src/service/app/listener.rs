//! The listener: plain or with TLS, HTTP/1.1, so many connections at most, and none that holds its place without a word.

use super::{ENDING_MAX, Settings};
use anyhow::Context as _;
use axum::Router;
use axum_server::Server;
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Sleep;

/// Listens and answers from now on; tells where.
pub(super) async fn listen(
    settings: &Settings,
    router: Router,
    mut ended: watch::Receiver<bool>,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("{} cannot be listened on: is it in use?", settings.listen))?;
    let address = listener.local_addr()?;
    let handle = axum_server::Handle::new();
    let server = server(listener.into_std()?, settings.http.header_time)?.handle(handle.clone());
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    let free = Arc::new(Semaphore::new(settings.http.connections));
    let first_words = settings.http.header_time;
    // A bulletin or a receipt is one small write: it must not wait for the next one.
    let plain = NoDelayAcceptor::new();
    match &settings.tls {
        None => {
            let acceptor = Counting {
                inner: plain,
                free,
                first_words,
            };
            let server = server.acceptor(acceptor);
            tasks.spawn(async move { over(server.serve(make).await) });
        }
        Some(tls) => {
            let config = RustlsConfig::from_config(Arc::new(tls.server_config()?));
            let inner = RustlsAcceptor::new(config).acceptor(plain);
            let acceptor = Counting {
                inner,
                free,
                first_words,
            };
            let server = server.acceptor(acceptor);
            tasks.spawn(async move { over(server.serve(make).await) });
        }
    }
    tokio::spawn(async move {
        // An error means that the service is gone: that is an end too.
        let _ = ended.wait_for(|ended| *ended).await;
        handle.graceful_shutdown(Some(ENDING_MAX));
    });
    Ok(address)
}

/// HTTP/1.1 alone. From the head of the first request on, the time of each head is counted here.
fn server(
    listener: std::net::TcpListener,
    header_time: Duration,
) -> io::Result<Server<SocketAddr>> {
    let mut server = axum_server::from_tcp(listener)?;
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time);
    *server.http_builder() = builder;
    Ok(server)
}

fn over(served: io::Result<()>) {
    if let Err(error) = served {
        tracing::error!(%error, "the listener failed");
    }
}

/// Gives each connection a place, and refuses what finds none: a connection that waits would hold a file all the same.
#[derive(Clone)]
struct Counting<A> {
    inner: A,
    free: Arc<Semaphore>,
    first_words: Duration,
}

impl<A, S> Accept<TcpStream, S> for Counting<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Placed<A::Stream>;
    type Service = A::Service;
    type Future =
        Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send + 'static>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(place) = Arc::clone(&self.free).try_acquire_owned() else {
            tracing::warn!("a connection was refused: there are as many as allowed");
            return Box::pin(async { Err(io::Error::other("too many connections")) });
        };
        let accepted = self.inner.accept(stream, service);
        let first_words = self.first_words;
        Box::pin(async move {
            let (inner, service) = accepted.await?;
            let stream = Placed {
                inner,
                _place: place,
                begins: Some(Box::pin(tokio::time::sleep(first_words))),
                missing: PREFACE_BYTES,
            };
            Ok((stream, service))
        })
    }
}

/// So many bytes are read to find out which version of HTTP is spoken, and without end: until then the time is counted by
/// [`Placed`].
const PREFACE_BYTES: usize = 24;

/// A connection with its place, until it is dropped. It begins to speak in time, or reading from it fails.
struct Placed<I> {
    inner: I,
    _place: OwnedSemaphorePermit,
    /// Until when the first bytes must have come; `None` once they have.
    begins: Option<Pin<Box<Sleep>>>,
    /// How many of them are still to come.
    missing: usize,
}

impl<I: AsyncRead + Unpin> AsyncRead for Placed<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, into);
        let late = self
            .begins
            .as_mut()
            .is_some_and(|end| read.is_pending() && end.as_mut().poll(cx).is_ready());
        if late {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        self.missing = self.missing.saturating_sub(into.filled().len() - before);
        if self.missing == 0 {
            self.begins = None;
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Placed<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
