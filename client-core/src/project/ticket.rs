//! A matter's row.

use qiaomen_proto::entity::view::View;
use serde_json::json;

/// What the list of matters shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketRow {
    pub(crate) ticket: String,
    pub(crate) household: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) grid: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) size: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) reporter: Option<String>,
    pub(crate) reported_on: Option<String>,
    pub(crate) stage: u8,
    pub(crate) is_open: bool,
    pub(crate) due_on: Option<String>,
    pub(crate) party: Option<String>,
    pub(crate) opened_ms: Option<u64>,
    pub(crate) updated_ms: u64,
    pub(crate) conflicts: usize,
    pub(crate) pending: bool,
    pub(crate) state_json: String,
}

impl TicketRow {
    /// Of this matter's document.
    pub(crate) fn of(view: &View<'_>, pending: bool) -> Self {
        let state = view.ticket_state();
        let shown = |name: &str| view.field(name).map(|f| f.shown.label().to_owned());
        let updated_ms =
            view.register().changes().iter().filter_map(|c| c.stamp).map(|s| s.at.wall_ms).max().unwrap_or(0);
        let json = json!({
            "stage": state.stage.number(),
            "title": state.stage.title(),
            "closed_ms": state.closed_at,
            "satisfaction": state.satisfaction,
            "large": state.large,
            "escalated_ms": state.escalated_at,
            "reopened_count": state.reopened_count,
            "duplicate_of": state.duplicate_of,
            "steps": state.steps.iter().map(|s| json!({
                "event": s.event, "kind": s.kind.number(), "title": s.kind.title(),
                "at_ms": s.at.wall_ms, "stage": s.stage.number(),
            })).collect::<Vec<_>>(),
            "flags": state.flags.iter().map(|f| json!({
                "event": f.event, "kind": f.kind.number(), "why": f.why.number(), "sentence": f.why.sentence(),
            })).collect::<Vec<_>>(),
        });
        Self {
            ticket: view.register().doc().uuid.to_string(),
            household: view.text("household"),
            building: view.text("building"),
            unit: view.text("unit"),
            grid: view.text("grid"),
            category: view.text("category"),
            size: view.text("size"),
            source: view.text("source"),
            text: shown("text"),
            reporter: shown("reporter"),
            reported_on: view.text("reported_on"),
            stage: state.stage.number(),
            is_open: state.stage.is_open(),
            due_on: state.due_on.map(|d| d.to_string()),
            party: state.party,
            opened_ms: state.opened_at,
            updated_ms,
            conflicts: view.conflict_count(),
            pending,
            state_json: json.to_string(),
        }
    }
}
