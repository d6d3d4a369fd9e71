use crate::pages::import::Draft;
use crate::refusal::Refusal;
use crate::session::Who;
use crate::tray::{Tray, TrayBounds};
use maud::Markup;
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::http::Edge;
use qiaomen_server::office::Office;
use qiaomen_server::people::enrol::MadeCode;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What every handler has at hand.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) edge: Edge,
    /// One-time codes on their way to the page that shows them.
    pub(crate) codes: Tray<MadeCode>,
    /// Leave to see one worker's masked values once.
    pub(crate) opened: Tray<WorkerId>,
    /// Books that somebody looks at before they are imported.
    pub(crate) books: Tray<Draft>,
    /// Books are read one at a time: one may unpack to a quarter of a gigabyte.
    pub(crate) reading: Arc<Semaphore>,
}

/// Codes are shown at once; what nobody came for is of no use to anybody.
const CODES: TrayBounds = TrayBounds { each: 4, all: 64, life_ms: 10 * 60 * 1000 };
/// A book is looked at, its columns put right, and imported within the hour.
const BOOKS: TrayBounds = TrayBounds { each: 1, all: 4, life_ms: 60 * 60 * 1000 };
/// Whoever asked to see a value looks at once.
const OPENED: TrayBounds = TrayBounds { each: 4, all: 256, life_ms: 60 * 1000 };

impl Desk {
    pub(crate) fn new(edge: Edge) -> Self {
        Self {
            edge,
            codes: Tray::new(CODES),
            opened: Tray::new(OPENED),
            books: Tray::new(BOOKS),
            reading: Arc::new(Semaphore::new(1)),
        }
    }

    /// Renders a page for somebody, where there is room for the work.
    pub(crate) async fn page(
        &self,
        who: Who,
        job: impl FnOnce(&Office, &Who) -> Result<Markup, Refusal> + Send + 'static,
    ) -> Result<Markup, Refusal> {
        self.work(move |office| job(office, &who)).await
    }

    /// Does something, where there is room for it.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Office) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        // A refusal has a page of its own: it goes through the edge as what was asked for.
        self.edge.work(move |office| Ok(job(office))).await?
    }
}
