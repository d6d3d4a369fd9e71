//! A clock that moves when told, and randomness that is the same in every run.

use qiaomen_client::Host;
use qiaomen_client::clock::NoRandomness;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone)]
pub struct TestHost {
    name: Arc<str>,
    now_ms: Arc<AtomicU64>,
    drawn: Arc<AtomicU64>,
}

impl TestHost {
    pub fn new(name: &str, now_ms: u64) -> Self {
        Self { name: name.into(), now_ms: Arc::new(AtomicU64::new(now_ms)), drawn: Arc::default() }
    }
    pub fn advance(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }
    pub fn set(&self, ms: u64) {
        self.now_ms.store(ms, Ordering::Relaxed);
    }
}

impl Host for TestHost {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }
    fn random(&self, buf: &mut [u8]) -> Result<(), NoRandomness> {
        let n = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hasher = blake3::Hasher::new_derive_key("test randomness");
        hasher.update(self.name.as_bytes()).update(&n.to_be_bytes());
        hasher.finalize_xof().fill(buf);
        Ok(())
    }
}
