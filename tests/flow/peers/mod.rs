//! What users of other systems for the same work have suffered, told as stories that must never happen here.
//! Each test names it; the issue in which somebody told of it stands above it.

/// Work that vanished without a word.
mod silent_loss;
/// Who wins is a lottery.
mod lottery;
/// Order, versions, codes that changed.
mod order;
/// Programs that lied, or spoke so that nobody understood.
mod honest_words;
