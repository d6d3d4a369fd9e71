//! Connections, bounded in number and idleness: somebody who opens many and says nothing takes no
//! seat away from the devices for long.

use super::edge::Bounds;
use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
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
    idle_time: Duration,
}

impl Gate {
    pub(super) fn new(listener: TcpListener, bounds: &Bounds) -> Self {
        Self { listener, seats: Arc::new(Semaphore::new(bounds.connections_max)), idle_time: bounds.idle_time }
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
        let sleep = Box::pin(tokio::time::sleep(self.idle_time));
        (Connection { stream, idle_time: self.idle_time, sleep, _seat: seat }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing comes or goes for too long.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    idle_time: Duration,
    sleep: Pin<Box<Sleep>>,
    _seat: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn moved(&mut self) {
        self.sleep.set(tokio::time::sleep(self.idle_time));
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(result) => {
                self.moved();
                Poll::Ready(result)
            }
            Poll::Pending => {
                ready!(self.sleep.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, buf));
        self.moved();
        Poll::Ready(written)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
