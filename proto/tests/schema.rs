//! What may stand where, written by whom: each form of value at its limit and one past it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use qiaomen_proto::change::{Path, Scalar, keys};
use qiaomen_proto::entity::record::{
    self, EntryKind, EntryPayload, LinkPayload, NotePayload, Outcome, PhotoPayload, RefusalPayload, TagPayload,
};
use qiaomen_proto::entity::schema::{SchemaError, check};
use qiaomen_proto::entity::{Shape, ValueShape, diary, household, kind_spec, resident, ticket};
use qiaomen_proto::ids::{CommandId, Kind, Role};
use qiaomen_proto::limits::{KEY_BYTES_MAX, PHOTO_BYTES_MAX, PHOTO_EDGE_MAX, VALUE_BYTES_MAX};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::seal::SEAL_OVERHEAD_BYTES;
use uuid::Uuid;

const WANG: Role = Role::GridWorker;
const FORM: Result<(), SchemaError> = Err(SchemaError::Type);
const BOUNDS: Result<(), SchemaError> = Err(SchemaError::Bounds);
const KEY: Result<(), SchemaError> = Err(SchemaError::Key);

fn text(text: &str) -> Scalar {
    Scalar::Str(text.to_owned())
}

fn bytes(n: usize) -> Scalar {
    Scalar::Bytes(vec![7; n])
}

/// A value in a field of a resident's head.
fn resident(name: &str, value: Scalar) -> Result<(), SchemaError> {
    check(Kind::Resident, &Path::new(resident::FIELDS, name), &value, WANG)
}

fn household(name: &str, value: Scalar) -> Result<(), SchemaError> {
    check(Kind::Household, &Path::new(household::FIELDS, name), &value, WANG)
}

fn own() -> String {
    keys::record_key(CommandId(Uuid::from_u128(1)), 0)
}

fn record_of<T: minicbor::Encode<()>>(kind: Kind, container: u8, payload: &T) -> Result<(), SchemaError> {
    check(kind, &Path::new(container, own()), &Scalar::Bytes(record::to_bytes(payload)), Role::Office)
}

#[test]
fn every_field_takes_each_answer_and_its_own_form_at_the_limit() {
    for kind in Kind::ALL {
        for (container, spec) in (0u8..).zip(kind_spec(kind).containers) {
            for field in spec.fields {
                let key =
                    if spec.shape == Shape::Rows { keys::row_key(&own(), field.name) } else { field.name.to_owned() };
                let path = Path::new(container, key);
                let said = |value: Scalar| check(kind, &path, &value, field.writers[0]);
                for answer in [Scalar::Null, Scalar::Int(-1), Scalar::Int(-2)] {
                    assert_eq!(said(answer), Ok(()), "{path:?}");
                }
                for no_answer in [0, 1, -3, i64::MIN, i64::MAX] {
                    assert_eq!(said(Scalar::Int(no_answer)), FORM, "{path:?}");
                }
                let (most, past) = match (field.sealed, field.shape) {
                    (true, ValueShape::Text(n)) => (bytes(16 + 3 * n), bytes(16 + 3 * n + 1)),
                    (true, _) => (bytes(16 + 64), bytes(16 + 64 + 1)),
                    (_, ValueShape::Text(n)) => (text(&"户".repeat(n)), text(&("户".repeat(n) + "x"))),
                    (_, ValueShape::Count(n)) => (Scalar::Uint(n), Scalar::Uint(n + 1)),
                    (_, ValueShape::Uuid) => (text(&Uuid::from_u128(1).to_string()), text("户")),
                    (_, ValueShape::Date) => (text("2023-02-28"), text("2023-02-29")),
                    (_, ValueShape::Flag) => (Scalar::Bool(true), Scalar::Null),
                };
                assert_eq!(said(most.clone()), Ok(()), "{path:?}");
                if past != Scalar::Null {
                    assert_eq!(said(past), BOUNDS, "{path:?}");
                }
                // Each other form is another form.
                for other in [text("户"), bytes(20), Scalar::Uint(1), Scalar::Bool(true)] {
                    let same = std::mem::discriminant(&other) == std::mem::discriminant(&most);
                    assert!(same || said(other.clone()) == FORM, "{path:?} {other:?}");
                }
            }
        }
    }
}

#[test]
fn a_sealed_value_is_never_in_the_clear_and_never_shorter_than_its_seal() {
    assert_eq!(resident("phone", text("13669074391")), FORM);
    assert_eq!(resident("phone", bytes(SEAL_OVERHEAD_BYTES)), Ok(()));
    assert_eq!(resident("phone", bytes(SEAL_OVERHEAD_BYTES - 1)), BOUNDS);
    assert_eq!(resident("phone", bytes(0)), BOUNDS);
}

#[test]
fn one_meaning_has_one_form() {
    for id in ["6E0C2A1E-5C0F-4F5D-9A37-3A1F0C9D8B21", "6e0c2a1e5c0f4f5d9a373a1f0c9d8b21", " ", ""] {
        assert_eq!(resident("household", text(id)), BOUNDS, "{id}");
    }
    let days = ["2023-2-18", "2023/02/18", "20230218", "+12023-02-18", "-0001-02-18", "0000-01-01", "1849-12-31", ""];
    for day in days {
        assert_eq!(resident("since", text(day)), BOUNDS, "{day}");
    }
    for day in ["1850-01-01", "2200-12-31", "2024-02-29"] {
        assert_eq!(resident("since", text(day)), Ok(()), "{day}");
    }
    assert_eq!(resident("sex", text("")), BOUNDS, "nothing is said by clearing, not by an empty text");
    assert_eq!(household("people_count", Scalar::Uint(u64::MAX)), BOUNDS);
}

#[test]
fn keys_have_a_form_and_a_length() {
    let long = |n: usize| "k".repeat(n);
    assert_eq!(resident(&long(KEY_BYTES_MAX), Scalar::Null), Ok(()), "a field of the future");
    assert_eq!(resident(&long(KEY_BYTES_MAX + 1), Scalar::Null), KEY);
    for key in ["", "\0", "a\nb", "\u{85}"] {
        assert_eq!(resident(key, Scalar::Null), KEY, "{key:?}");
    }
    let row = |key: String| check(Kind::Household, &Path::new(household::OCCUPANCIES, key), &text("自住"), WANG);
    assert_eq!(row(keys::row_key(&own(), "kind")), Ok(()));
    assert_eq!(row(keys::row_key(&own(), "of_the_future")), Ok(()));
    for key in
        ["kind".to_owned(), "a.kind".to_owned(), own(), format!(".{}", own()), keys::row_key(&(own() + "~0"), "kind")]
    {
        assert_eq!(row(key.clone()), KEY, "{key}");
    }
    let note = |key: &str| {
        let payload = record::to_bytes(&NotePayload { text: vec![0; 16] });
        check(Kind::Resident, &Path::new(resident::NOTES, key), &Scalar::Bytes(payload), WANG)
    };
    assert_eq!(note(&own()), Ok(()));
    for key in ["note", "x", &format!("{}.", own()), &format!("{}~256", own())] {
        assert_eq!(note(key), KEY, "{key}");
    }
}

#[test]
fn containers_and_roles_that_do_not_exist_there_are_refused() {
    for kind in Kind::ALL {
        let past = u8::try_from(kind_spec(kind).containers.len()).unwrap();
        for container in [past, u8::MAX] {
            let path = Path::new(container, "phone");
            assert_eq!(check(kind, &path, &Scalar::Null, Role::Office), Err(SchemaError::NoContainer));
        }
        let path = Path::new(kind_spec(kind).decisions(), "0.phone#1");
        for role in Role::ALL {
            let said = check(kind, &path, &Scalar::Bytes(Vec::new()), role);
            // The office is told that the bytes are no decision; nobody else gets as far.
            assert_eq!(said, if role == Role::Office { FORM } else { Err(SchemaError::Role) });
        }
    }
    for role in [Role::Coordinator, Role::Liaison, Role::Supervisor] {
        let at = |kind, name: &str| check(kind, &Path::new(0, name), &Scalar::Null, role);
        assert_eq!(at(Kind::Resident, "phone"), Err(SchemaError::Role));
        assert_eq!(at(Kind::Resident, "of_the_future"), Err(SchemaError::Role));
        assert_eq!(at(Kind::Ticket, "category"), Ok(()));
    }
}

#[test]
fn values_of_the_future_have_a_length_too() {
    for value in [bytes(VALUE_BYTES_MAX), text(&"k".repeat(VALUE_BYTES_MAX)), Scalar::Int(5), Scalar::Uint(u64::MAX)] {
        assert_eq!(resident("of_the_future", value), Ok(()));
    }
    assert_eq!(resident("of_the_future", bytes(VALUE_BYTES_MAX + 1)), BOUNDS);
    assert_eq!(resident("of_the_future", text(&"k".repeat(VALUE_BYTES_MAX + 1))), BOUNDS);
}

#[test]
fn records_are_whole_and_what_they_name_has_the_length_of_a_name() {
    let entry = |household: Option<usize>, note: Option<usize>, building: Option<usize>| {
        let of = |n: Option<usize>| n.map(|n| vec![1; n]);
        let payload = EntryPayload {
            kind: EntryKind::Visit,
            outcome: Outcome::Met,
            household: of(household),
            note: of(note),
            building: of(building),
        };
        record_of(Kind::Diary, diary::ENTRIES, &payload)
    };
    assert_eq!(entry(Some(16), Some(16), Some(16)), Ok(()));
    assert_eq!(entry(None, None, None), Ok(()));
    for wrong in [entry(Some(15), None, None), entry(None, Some(15), None), entry(None, None, Some(17))] {
        assert_eq!(wrong, BOUNDS);
    }
    let mut event = EventPayload::new(EventKind::Feedback);
    assert_eq!(record_of(Kind::Ticket, ticket::EVENTS, &event), Ok(()));
    event.text = Some(vec![0; 15]);
    assert_eq!(record_of(Kind::Ticket, ticket::EVENTS, &event), BOUNDS);
    let future = EventPayload::new(EventKind::Unknown(200));
    assert_eq!(record_of(Kind::Ticket, ticket::EVENTS, &future), Ok(()), "kept, without effect");
    let tag = |code: &str, expires_on: Option<&str>| {
        let (code, expires_on) = (code.to_owned(), expires_on.map(str::to_owned));
        record_of(Kind::Household, household::TAGS, &TagPayload { code, basis: None, expires_on, withdrawn: false })
    };
    assert_eq!((tag("dibao", Some("2024-01-31")), tag("dibao", None)), (Ok(()), Ok(())));
    assert_eq!((tag("", None), tag("dibao", Some("2024-1-31"))), (BOUNDS, BOUNDS));
    let refusal = RefusalPayload { people_count: Some(3), withdrawn: false };
    assert_eq!(record_of(Kind::Household, household::REFUSALS, &refusal), Ok(()));
    for (kind, container) in
        [(Kind::Household, household::NOTES), (Kind::Resident, resident::NOTES), (Kind::Ticket, ticket::NOTES)]
    {
        assert_eq!(record_of(kind, container, &NotePayload { text: vec![0; 16] }), Ok(()));
        assert_eq!(record_of(kind, container, &NotePayload { text: vec![0; 15] }), BOUNDS);
    }
    for kind in Kind::ALL {
        let links = kind_spec(kind).container_index("links").unwrap();
        let link = |n: usize| LinkPayload { kind: 1, other: Some(vec![1; n]), withdrawn: false };
        assert_eq!((record_of(kind, links, &link(16)), record_of(kind, links, &link(15))), (Ok(()), BOUNDS));
    }
}

#[test]
fn a_photo_is_named_within_its_bounds() {
    let photo = PhotoPayload {
        id: [1; 16],
        hash: [2; 32],
        size: 300_000,
        stage: 1,
        width: 1_600,
        height: 1_200,
        taken_ms: None,
    };
    let said = |photo: PhotoPayload| record_of(Kind::Ticket, ticket::PHOTOS, &photo);
    let most = u32::try_from(PHOTO_BYTES_MAX).unwrap();
    assert_eq!(said(photo.clone()), Ok(()));
    assert_eq!(said(PhotoPayload { stage: 200, ..photo.clone() }), Ok(()), "of a later release");
    assert_eq!(said(PhotoPayload { size: most, width: PHOTO_EDGE_MAX, taken_ms: Some(1), ..photo.clone() }), Ok(()));
    for wrong in [
        PhotoPayload { size: most + 1, ..photo.clone() },
        PhotoPayload { size: 16, ..photo.clone() },
        PhotoPayload { width: 0, ..photo.clone() },
        PhotoPayload { height: PHOTO_EDGE_MAX + 1, ..photo.clone() },
        PhotoPayload { taken_ms: Some(u64::MAX), ..photo.clone() },
    ] {
        assert_eq!(said(wrong), BOUNDS);
    }
    assert_eq!(record_of(Kind::Ticket, ticket::PHOTOS, &NotePayload { text: vec![0; 16] }), FORM, "another record");
}

#[test]
fn what_is_no_record_or_more_than_one_is_refused() {
    let entry = record::to_bytes(&EntryPayload {
        kind: EntryKind::Call,
        outcome: Outcome::NotHome,
        household: None,
        note: None,
        building: None,
    });
    let said = |value: Scalar| check(Kind::Diary, &Path::new(diary::ENTRIES, own()), &value, WANG);
    assert_eq!(said(Scalar::Bytes(entry.clone())), Ok(()));
    let spoilt = [&entry[..entry.len() - 1], &[&entry[..], &[0]].concat(), &[], &[0xff; 40]].map(<[u8]>::to_vec);
    for bytes in spoilt {
        assert_eq!(said(Scalar::Bytes(bytes)), FORM);
    }
    for other in [Scalar::Null, Scalar::Int(-1), text("x"), Scalar::Bool(true), Scalar::Uint(1)] {
        assert_eq!(said(other), FORM, "a record is bytes");
    }
    assert_eq!(said(bytes(VALUE_BYTES_MAX + 1)), BOUNDS);
}

#[test]
fn what_a_person_types_becomes_a_value_that_may_stand_there() {
    let field = |kind, name| kind_spec(kind).head_field(name).unwrap();
    let languages = field(Kind::Resident, "languages");
    for typed in
        ["汉语,蒙古语", "蒙古语、汉语", "汉语\u{ff0c}蒙古语", " 蒙古语;汉语;", "汉语\u{ff1b}蒙古语\u{3001}汉语"]
    {
        assert_eq!(languages.normalise(typed).unwrap(), "汉语,蒙古语", "{typed}");
    }
    let nobody = Uuid::nil();
    for (kind, name, typed, normal) in [
        (Kind::Household, "people_count", " 03 ", "3"),
        (Kind::Resident, "since", "2023年2月18日", "2023-02-18"),
        (Kind::Resident, "consent", "同意", "是"),
        (Kind::Resident, "consent", "no", "否"),
        (Kind::Resident, "household", "6E0C2A1E5C0F4F5D9A373A1F0C9D8B21", "6e0c2a1e-5c0f-4f5d-9a37-3a1f0c9d8b21"),
        (Kind::Resident, "sex", " 女 ", "女"),
    ] {
        let field = field(kind, name);
        assert_eq!(field.normalise(typed).unwrap(), normal);
        let scalar = field.to_scalar(normal, &nobody, None).unwrap();
        assert_eq!(check(kind, &Path::new(0, name), &scalar, WANG), Ok(()));
    }
    for (kind, name, typed) in [
        (Kind::Household, "people_count", "100"),
        (Kind::Household, "people_count", "-1"),
        (Kind::Resident, "since", "昨天"),
        (Kind::Resident, "consent", "也许"),
        (Kind::Resident, "phone", "12"),
        (Kind::Resident, "identity", "12"),
        (Kind::Resident, "sex", "  "),
        (Kind::Resident, "languages", " ;\u{3001} "),
        (Kind::Resident, "sex", &"女".repeat(17)),
    ] {
        assert!(field(kind, name).normalise(typed).is_err(), "{name} {typed}");
    }
    assert_eq!(field(Kind::Resident, "phone").to_scalar("13669074391", &nobody, None), None, "no key, no value");
}
