use std::time::Duration;

/// Chance that can be repeated. Says how, when a story fails.
#[derive(Debug)]
pub(crate) struct Dice {
    story: &'static str,
    seed: u64,
    state: u64,
}

/// Another seed than the usual one is asked for by this name.
const VARIABLE: &str = "QIAOMEN_CRASH_SEED";

impl Dice {
    /// The dice of a story.
    pub(crate) fn of(story: &'static str) -> Self {
        #[allow(clippy::disallowed_methods, reason = "a failure is repeated by its seed")]
        let seed = std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_125);
        Self { story, seed, state: seed }
    }
    /// Any number (SplitMix64).
    pub(crate) fn any(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below this one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.any() % end
    }
    /// A place in something of this length.
    pub(crate) fn place(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).expect("a length"))).expect("a place")
    }
    /// A time below this one. Short times are as likely as long ones: what is quick is hit as well.
    pub(crate) fn moment(&mut self, longest: Duration) -> Duration {
        let part = longest.as_micros() >> self.below(8);
        Duration::from_micros(self.below(u64::try_from(part).expect("a moment").max(1)))
    }
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (story, seed) = (self.story, self.seed);
            eprintln!("to throw the same dice: {VARIABLE}={seed} cargo test -p qiaomen-tests --test crash {story}");
        }
    }
}
