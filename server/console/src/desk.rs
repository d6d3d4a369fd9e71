use crate::refusal::Refusal;
use crate::session::Who;
use maud::Markup;
use qiaomen_server::http::Edge;
use qiaomen_server::office::Office;

/// What every handler has at hand.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) edge: Edge,
}

impl Desk {
    pub(crate) fn new(edge: Edge) -> Self {
        Self { edge }
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
