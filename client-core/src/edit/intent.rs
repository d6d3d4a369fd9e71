//! What a person meant, in words of the domain. It is kept beside the command, so that it can be done
//! again on another base; its JSON is for ever: names are never changed, new fields have defaults.

use crate::photo::PhotoMeant;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::{BuildingId, CommandId, DiaryId, DocId, HouseholdId, ResidentId, TicketId};
use serde::{Deserialize, Serialize};

/// One thing that a person does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "intent")]
pub enum Intent {
    /// A door is written down. A door that is there already is fine.
    RegisterHousehold {
        /// Its building.
        building: BuildingId,
        /// Its unit, as people write it; empty for none.
        #[serde(default)]
        unit: String,
        /// Its room, as people write it.
        room: String,
    },
    /// Something about a door is answered.
    CorrectHousehold {
        /// Which door.
        household: HouseholdId,
        /// Name of the field.
        field: String,
        /// The answer.
        answer: Answer<String>,
    },
    /// Somebody takes a door.
    OpenOccupancy {
        /// Which door.
        household: HouseholdId,
        /// How: owned, let, lent.
        kind: String,
        /// Its head.
        #[serde(default)]
        head: Option<ResidentId>,
        /// Since when.
        #[serde(default)]
        since: Option<String>,
    },
    /// They leave it.
    CloseOccupancy {
        /// Which door.
        household: HouseholdId,
        /// Key of the row.
        row: String,
        /// When.
        until: String,
    },
    /// A person is written down.
    RegisterResident {
        /// Where they live.
        household: HouseholdId,
        /// What they answered, by name of field.
        fields: Vec<(String, Answer<String>)>,
    },
    /// Something about a person is answered.
    CorrectResident {
        /// Who.
        resident: ResidentId,
        /// Name of the field.
        field: String,
        /// The answer.
        answer: Answer<String>,
    },
    /// A person moves to another door.
    MoveResident {
        /// Who.
        resident: ResidentId,
        /// Where to.
        to: HouseholdId,
        /// When.
        on: String,
    },
    /// A person moves out.
    MoveOut {
        /// Who.
        resident: ResidentId,
        /// When.
        on: String,
    },
    /// A door will not give data, or will again.
    RefuseDoor {
        /// Which door.
        household: HouseholdId,
        /// How many they are, if that much was said.
        #[serde(default)]
        people_count: Option<u32>,
        /// True where they changed their mind.
        #[serde(default)]
        withdrawn: bool,
    },
    /// A note on a door, a person or a matter.
    Note {
        /// On what.
        doc: DocId,
        /// The text.
        text: String,
    },
    /// A visit at a door.
    Visit {
        /// Which door.
        household: HouseholdId,
        /// How it ended.
        outcome: Outcome,
        /// What was said or seen.
        #[serde(default)]
        note: Option<String>,
    },
    /// A telephone call to a door.
    Call {
        /// Which door.
        household: HouseholdId,
        /// How it ended.
        outcome: Outcome,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// A round through the grid.
    Patrol {
        /// Where, if it was one building.
        #[serde(default)]
        building: Option<BuildingId>,
        /// How it ended.
        outcome: Outcome,
        /// What was seen.
        #[serde(default)]
        note: Option<String>,
    },
    /// A visit, call or patrol of today was written down by mistake.
    TakeBack {
        /// In which diary.
        diary: DiaryId,
        /// The command that wrote it.
        entry: CommandId,
        /// What it was.
        kind: EntryKind,
        /// Which door it named.
        #[serde(default)]
        household: Option<HouseholdId>,
    },
    /// A matter is reported.
    ReportTicket {
        /// Its category.
        category: String,
        /// 小事 or 大事.
        size: String,
        /// Where it was heard.
        source: String,
        /// The door that it is about.
        #[serde(default)]
        household: Option<HouseholdId>,
        /// The building that it is about.
        #[serde(default)]
        building: Option<BuildingId>,
        /// The unit.
        #[serde(default)]
        unit: Option<String>,
        /// What is to be done.
        text: String,
        /// Who said so.
        #[serde(default)]
        reporter: Option<String>,
    },
    /// Photos of a matter. Their bytes rest beside the outbox and travel after the text.
    AttachPhotos {
        /// Which matter.
        ticket: TicketId,
        /// Which photos.
        photos: Vec<PhotoMeant>,
    },
    /// A step of a matter.
    AdvanceTicket {
        /// Which matter.
        ticket: TicketId,
        /// Number of the step ([`qiaomen_proto::merge::fold::EventKind`]).
        event: u8,
        /// Who is responsible.
        #[serde(default)]
        party: Option<String>,
        /// By when.
        #[serde(default)]
        due_on: Option<String>,
        /// Number of the resident's opinion.
        #[serde(default)]
        satisfaction: Option<u8>,
        /// The matter that this one repeats.
        #[serde(default)]
        other: Option<TicketId>,
        /// What was said or done.
        #[serde(default)]
        text: Option<String>,
    },
}

impl Intent {
    /// What it is, in a few words.
    pub fn title(&self) -> &'static str {
        match self {
            Intent::RegisterHousehold { .. } => "登记户",
            Intent::CorrectHousehold { .. } => "改户况",
            Intent::OpenOccupancy { .. } => "登记住户",
            Intent::CloseOccupancy { .. } => "住户搬走",
            Intent::RegisterResident { .. } => "登记居民",
            Intent::CorrectResident { .. } => "改居民信息",
            Intent::MoveResident { .. } => "居民搬家",
            Intent::MoveOut { .. } => "居民搬走",
            Intent::RefuseDoor { withdrawn: false, .. } => "登记拒访",
            Intent::RefuseDoor { withdrawn: true, .. } => "取消拒访",
            Intent::Note { .. } => "备注",
            Intent::Visit { .. } => "走访",
            Intent::Call { .. } => "电话",
            Intent::Patrol { .. } => "巡查",
            Intent::TakeBack { .. } => "撤回",
            Intent::ReportTicket { .. } => "上报诉求",
            Intent::AttachPhotos { .. } => "附照片",
            Intent::AdvanceTicket { .. } => "办理诉求",
        }
    }
}

/// The resident whom this command registers, if it registers one: made of the command's id, so that
/// doing it again makes the same person.
pub fn resident_of(command: CommandId) -> ResidentId {
    ResidentId::at(made_at_ms(command), made_of(command, b"resident"))
}

/// The matter that this command reports, if it reports one.
pub fn ticket_of(command: CommandId) -> TicketId {
    TicketId::at(made_at_ms(command), made_of(command, b"ticket"))
}

fn made_at_ms(command: CommandId) -> u64 {
    let b = command.as_bytes();
    u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]])
}

fn made_of(command: CommandId, what: &[u8]) -> [u8; 10] {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 document made by a command");
    hasher.update(command.as_bytes()).update(what);
    let mut random = [0; 10];
    hasher.finalize_xof().fill(&mut random);
    random
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ID: &str = "00000000-0000-0000-0000-000000000001";

    #[test]
    fn what_an_outbox_of_the_first_version_holds_can_be_read_for_ever() {
        let first_version = [
            format!(r#"{{"intent":"register_household","building":"{ID}","unit":"1","room":"101"}}"#),
            format!(r#"{{"intent":"correct_household","household":"{ID}","field":"use","answer":{{"value":"自住"}}}}"#),
            format!(r#"{{"intent":"open_occupancy","household":"{ID}","kind":"自住","head":null,"since":null}}"#),
            format!(r#"{{"intent":"close_occupancy","household":"{ID}","row":"r","until":"2025-01-31"}}"#),
            format!(
                r#"{{"intent":"register_resident","household":"{ID}","fields":[["name",{{"value":"王"}}],["phone","refused"]]}}"#
            ),
            format!(r#"{{"intent":"correct_resident","resident":"{ID}","field":"phone","answer":"unknown"}}"#),
            format!(r#"{{"intent":"move_resident","resident":"{ID}","to":"{ID}","on":"2025-01-31"}}"#),
            format!(r#"{{"intent":"move_out","resident":"{ID}","on":"2025-01-31"}}"#),
            format!(r#"{{"intent":"refuse_door","household":"{ID}","people_count":3,"withdrawn":false}}"#),
            format!(r#"{{"intent":"note","doc":{{"kind":"household","uuid":"{ID}"}},"text":"x"}}"#),
            format!(r#"{{"intent":"visit","household":"{ID}","outcome":"not_home","note":null}}"#),
            format!(r#"{{"intent":"call","household":"{ID}","outcome":"met","note":"x"}}"#),
            format!(r#"{{"intent":"take_back","diary":"{ID}","entry":"{ID}","kind":"visit","household":"{ID}"}}"#),
            r#"{"intent":"patrol","building":null,"outcome":"clear","note":null}"#.to_owned(),
            format!(
                r#"{{"intent":"report_ticket","category":"c","size":"小事","source":"s","household":"{ID}","building":null,"unit":null,"text":"t","reporter":null}}"#
            ),
            format!(
                r#"{{"intent":"advance_ticket","ticket":"{ID}","event":6,"party":null,"due_on":null,"satisfaction":null,"other":null,"text":null}}"#
            ),
            format!(
                r#"{{"intent":"attach_photos","ticket":"{ID}","photos":[{{"id":"{ID}","hash":"{}","size":300000,"stage":"before","width":1600,"height":1200,"taken_ms":null}}]}}"#,
                "0f".repeat(32)
            ),
        ];
        for json in first_version {
            let intent: Intent = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{json}: {e}"));
            assert_eq!(serde_json::to_string(&intent).unwrap(), json);
        }
    }

    #[test]
    fn a_command_done_again_makes_the_same_person() {
        let command = CommandId::at(1_741_568_400_000, [9; 10]);
        assert_eq!(resident_of(command), resident_of(command));
        assert_ne!(resident_of(command).0, ticket_of(command).0);
        assert_eq!(resident_of(command).0.get_version_num(), 7);
        assert_ne!(resident_of(command).0, Uuid::nil());
        // Pinned: another person of the same command would be a second person.
        assert_eq!(resident_of(command).to_string(), "01957d90-da80-71ce-bfac-3bad90582e94");
    }
}
