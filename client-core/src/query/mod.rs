//! What the screens ask. Each question sees one state of the database; lists come from the rows that
//! were written beside the documents, single things from the documents' registers. No automerge
//! document is ever loaded to answer.
//!
//! Every answer can be serialised; field names are stable.

/// The rows as the database holds them.
pub(crate) mod stored;
/// One state of the database, and the names of things.
pub(crate) mod sight;
/// The order in which people count doors.
pub(crate) mod order;
/// One field: what holds and why.
pub mod field;
/// My doors.
pub mod doors;
/// One door, and who lives there.
pub mod door;
/// The matters.
pub mod tickets;
/// The steps of a matter by their names.
pub mod steps;
/// One matter.
pub mod ticket;
/// Which doors somebody has to look in at again.
pub mod care;
/// What is to be done today, and what was.
pub mod today;
/// My diary of one day.
pub mod diary;
/// Whether the same was written down a moment ago.
mod repeated;
/// An entry of my diary that I can take back.
pub mod to_take_back;
/// What is not at the office yet, in words.
pub mod outbox;
/// Where a value came from.
pub mod history;
/// What the office has to decide.
pub mod conflicts;
/// What came of my work.
pub mod mine;
/// How this device stands, in what every page says.
pub mod standing;
/// What stands where a name is not known.
pub mod in_place;
/// How this device stands.
pub mod status;
/// Doors, people, matters and fields as people name them.
pub mod find;
/// Documents as automerge files.
pub mod export;

pub use care::CareLine;
pub use conflicts::ConflictLine;
pub use diary::{Diary, DiaryPage};
pub use door::{DoorPage, EntryLine, NoteLine, OccupancyLine, PersonPage};
pub use doors::{DoorFilter, DoorLine};
pub use field::{CandidateLine, FieldLine, Said};
pub use find::{Choice, Found};
pub use history::HistoryLine;
pub use in_place::InPlace;
pub use mine::{DecisionLine, MinePage, ReturnedLine};
pub use outbox::{CommandWords, OutboxLine};
pub use sight::{Who, address, tail};
pub use standing::Standing;
pub use status::StatusPage;
pub use ticket::{EventLine, TicketPage};
pub use tickets::{TicketFilter, TicketHeap, TicketLine};
pub use to_take_back::ToTakeBack;
pub use today::{TodayPage, WaitsPage};

use crate::device::Device;
use crate::error::{QueryError, What};
use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Clock;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, HouseholdId, ResidentId, TicketId};
use sight::Sight;

impl Device {
    /// Asks one state of the database.
    pub(crate) fn look<T>(&self, ask: impl FnOnce(&Sight<'_>) -> Result<T, StoreError>) -> Result<T, QueryError> {
        self.store.read(|tx| ask(&self.sight(tx)?)).map_err(QueryError::Read)
    }

    fn sight<'a>(&'a self, tx: &'a Tx<'a>) -> Result<Sight<'a>, StoreError> {
        let clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
        let me = self.identity().map(|i| i.author());
        let utc_offset_s = self.identity().map_or(0, |i| i.utc_offset_s());
        Ok(Sight::new(tx, self.reference(), me, utc_offset_s, clock.corrected_ms(self.host.now_ms())))
    }

    /// My doors, in the order in which people count them.
    pub fn doors(&self, filter: &DoorFilter) -> Result<Vec<DoorLine>, QueryError> {
        self.look(|sight| doors::doors(sight, filter))
    }

    /// One door: who lives there, what they said, who came, what is open.
    pub fn door(&self, id: HouseholdId) -> Result<DoorPage, QueryError> {
        self.look(|sight| door::door(sight, id))?.ok_or(QueryError::Unknown(What::Household))
    }

    /// The entry that I made at a door a moment ago, if it is of this kind (`visit`, `call`) and ended so.
    pub fn written_a_moment_ago(
        &self,
        door: HouseholdId,
        kind: &str,
        outcome: Outcome,
    ) -> Result<Option<EntryLine>, QueryError> {
        self.look(|sight| repeated::a_moment_ago(sight, door, kind, outcome))
    }

    /// My round through this building, or the whole grid, of a moment ago, if it ended so.
    pub fn patrolled_a_moment_ago(
        &self,
        building: Option<BuildingId>,
        outcome: Outcome,
    ) -> Result<Option<EntryLine>, QueryError> {
        self.look(|sight| repeated::patrolled(sight, building, outcome))
    }

    /// An open matter of this place and category, in the same words, that was reported a moment ago.
    pub fn reported_a_moment_ago(
        &self,
        door: Option<HouseholdId>,
        building: Option<BuildingId>,
        category: &str,
        text: &str,
    ) -> Result<Option<TicketLine>, QueryError> {
        self.look(|sight| repeated::reported(sight, door, building, category, text))
    }

    /// Whether something of this time was a moment ago.
    pub fn is_a_moment_ago(&self, at_ms: u64) -> Result<bool, QueryError> {
        self.look(|sight| Ok(repeated::is_a_moment_ago(sight, at_ms)))
    }

    /// The entry of my diary of today that this command wrote, if it can still be taken back.
    pub fn to_take_back(&self, command: CommandId) -> Result<Option<ToTakeBack>, QueryError> {
        self.look(|sight| to_take_back::to_take_back(sight, command))
    }

    /// One person.
    pub fn resident(&self, id: ResidentId) -> Result<PersonPage, QueryError> {
        self.look(|sight| door::resident(sight, id))?.ok_or(QueryError::Unknown(What::Resident))
    }

    /// The matters of a filter.
    pub fn tickets(&self, filter: &TicketFilter) -> Result<Vec<TicketLine>, QueryError> {
        self.look(|sight| tickets::tickets(sight, filter))
    }

    /// One matter: what happened, where it stands, what can be done now.
    pub fn ticket(&self, id: TicketId) -> Result<TicketPage, QueryError> {
        self.look(|sight| ticket::ticket(sight, id))?.ok_or(QueryError::Unknown(What::Ticket))
    }

    /// What is to be done today, and what was.
    pub fn today(&self) -> Result<TodayPage, QueryError> {
        self.look(today::today)
    }

    /// What is to be done today.
    pub fn waits(&self) -> Result<WaitsPage, QueryError> {
        self.look(today::waits)
    }

    /// How much was done today.
    pub fn figures_today(&self) -> Result<today::Figures, QueryError> {
        self.look(today::done_in_figures)
    }

    /// A part of my diary of a day (`2026-05-06`), of today where none is named; the first part is 1.
    pub fn diary(&self, on: Option<&str>, part: usize) -> Result<Diary, QueryError> {
        self.look(|sight| diary::diary(sight, on, part))
    }

    /// One command of this device in words, whether the office has it or not. `None` if it is not known here.
    pub fn done_line(&self, command: CommandId) -> Result<Option<today::DoneLine>, QueryError> {
        self.look(|sight| today::one(sight, command))
    }

    /// Today, by the office's calendar.
    pub fn date(&self) -> Result<String, QueryError> {
        self.look(|sight| Ok(sight.today().to_string()))
    }

    /// What is not at the office yet, oldest first.
    pub fn outbox(&self) -> Result<Vec<OutboxLine>, QueryError> {
        self.look(outbox::outbox)
    }

    /// Where the values of a field came from, oldest first. `field` is a field of the head, or
    /// `<row>.<field>`.
    pub fn history(&self, doc: DocId, field: &str) -> Result<Vec<HistoryLine>, QueryError> {
        self.look(|sight| history::history(sight, doc, field))
    }

    /// What the office has to decide: what I wrote myself first.
    pub fn conflicts(&self) -> Result<Vec<ConflictLine>, QueryError> {
        self.look(conflicts::conflicts)
    }

    /// What came of my work: of the matters that I reported, of the answers that stood against others'.
    pub fn mine(&self) -> Result<MinePage, QueryError> {
        self.look(mine::mine)
    }

    /// How this device stands, in what every page says.
    pub fn standing(&self) -> Result<Standing, QueryError> {
        self.look(|sight| standing::standing(sight, self.identity()))
    }

    /// How this device stands.
    pub fn status(&self) -> Result<StatusPage, QueryError> {
        self.look(|sight| status::status(sight, self.identity(), self.host.now_ms()))
    }

    /// The door that somebody names: by id, by a piece of it, or by its address.
    pub fn find_door(&self, words: &str) -> Result<Found, QueryError> {
        self.look(|sight| find::door(sight, words))
    }

    /// The person that somebody names: by id, by a piece of it, by name, or by address and name.
    pub fn find_resident(&self, words: &str) -> Result<Found, QueryError> {
        self.look(|sight| find::resident(sight, words))
    }

    /// The matter that somebody names: by id, by a piece of it, or by a word of it.
    pub fn find_ticket(&self, words: &str) -> Result<Found, QueryError> {
        self.look(|sight| find::ticket(sight, words))
    }
}
