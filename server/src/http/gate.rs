//! Connections, bounded in number and time: somebody who opens many and says nothing, or next to
//! nothing, takes no seat away from the devices for long.
//!
//! Three clocks run beside each connection, because each can be kept from ringing by a trickle that the
//! others notice: nothing moves (*idle*); the office has had no reason to say anything (*silent*: a head
//! that comes byte by byte and never ends); an answer is not taken (*unread*).

use super::edge::Bounds;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

/// Lets connections in while there is room; others wait in the machine's own queue.
#[derive(Debug)]
pub(super) struct Gate {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    bounds: Bounds,
}

impl Gate {
    pub(super) fn new(listener: TcpListener, bounds: &Bounds) -> Self {
        Self { listener, seats: Arc::new(Semaphore::new(bounds.connections_max)), bounds: *bounds }
    }
}

impl Listener for Gate {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed.
        let seat = self.seats.clone().acquire_owned().await.ok();
        let (stream, from) = Listener::accept(&mut self.listener).await;
        // Answers are written whole; waiting to fill a packet only delays them. Without it they come too.
        let _ = stream.set_nodelay(true);
        (Connection::new(stream, &self.bounds, seat), from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl Connected<IncomingStream<'_, Gate>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        Self(stream.remote_addr().ip())
    }
}

/// Rings when it has not been wound again for its time.
#[derive(Debug)]
struct Clock {
    time: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Clock {
    fn new(time: Duration) -> Self {
        Self { time, sleep: Box::pin(tokio::time::sleep(time)) }
    }
    fn wind(&mut self) {
        self.sleep.as_mut().set(tokio::time::sleep(self.time));
    }
    fn rings(&mut self, cx: &mut Context<'_>) -> bool {
        self.sleep.as_mut().poll(cx).is_ready()
    }
}

/// A connection that ends when it only holds a seat.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    /// Since a byte came or went.
    idle: Clock,
    /// Since the office said something: an honest connection rests, sends a request and is answered.
    silent: Clock,
    /// Since an answer began to go out, until the last byte of it has gone.
    unread: Clock,
    answering: bool,
    _seat: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, bounds: &Bounds, seat: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            stream,
            idle: Clock::new(bounds.idle_time),
            silent: Clock::new(bounds.idle_time.saturating_add(bounds.request_time)),
            unread: Clock::new(bounds.reply_time),
            answering: false,
            _seat: seat,
        }
    }
}

fn too_long<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // While an answer goes out nothing has to come in.
        if !self.answering && self.silent.rings(cx) {
            return too_long();
        }
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(result) => {
                self.idle.wind();
                Poll::Ready(result)
            }
            Poll::Pending if self.idle.rings(cx) => too_long(),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if !self.answering {
            self.answering = true;
            self.unread.wind();
        }
        if self.unread.rings(cx) {
            return too_long();
        }
        match Pin::new(&mut self.stream).poll_write(cx, buf) {
            Poll::Ready(result) => {
                self.idle.wind();
                self.silent.wind();
                Poll::Ready(result)
            }
            Poll::Pending if self.idle.rings(cx) => too_long(),
            Poll::Pending => Poll::Pending,
        }
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Everything that there was to say has been handed on.
        self.answering = false;
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
