//! What people type and books say: places, persons, every field. What is normal stays as it is.

use qiaomen_proto::change::Path;
use qiaomen_proto::entity::schema::check;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::{FieldSpec, Shape, kind_spec};
use qiaomen_proto::ids::{CommandId, Kind, Subject};
use qiaomen_proto::normalise::{RoomKey, UnitKey, building_name, floor_of, unit_label};
use qiaomen_proto::person::{IdentityNumber, Phone, date_of_serial, is_refusal, parse_date};
use qiaomen_proto::seal::{KeyRing, SubjectKey};

/// The longest normal form of a unit or a room, in characters.
const KEY_CHARACTERS_MAX: usize = 24;

/// Buildings, units, rooms: they are parts of ids, so that one place must have one spelling.
pub(crate) fn places(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let building = building_name(text);
    assert_eq!(building_name(&building), building);
    if let Ok(unit) = UnitKey::parse(text) {
        assert_eq!(UnitKey::parse(unit.as_str()).as_ref(), Ok(&unit));
        assert!(unit.as_str().chars().count() <= KEY_CHARACTERS_MAX);
        unit_label(&unit);
    }
    if let Ok(room) = RoomKey::parse(text) {
        assert_eq!(RoomKey::parse(room.as_str()).as_ref(), Ok(&room));
        assert!((1..=KEY_CHARACTERS_MAX).contains(&room.as_str().chars().count()));
        assert_ne!(floor_of(&room), Some(0), "there is no floor 0");
    }
}

/// Persons, and every field of every kind.
pub(crate) fn people(bytes: &[u8]) {
    if let Some(serial) = bytes.first_chunk::<8>() {
        date_of_serial(i64::from_be_bytes(*serial));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    is_refusal(text);
    if let Ok(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(phone.as_str()).as_ref(), Ok(&phone));
        assert_eq!(phone.last4().len(), 4);
    }
    if let Ok(number) = IdentityNumber::parse(text) {
        assert_eq!(IdentityNumber::parse(number.as_str()).as_ref(), Ok(&number));
        assert_eq!(number.last4().len(), 4);
        number.check_digit_ok();
        number.birth_date();
    }
    if let Some(date) = parse_date(text) {
        assert_eq!(parse_date(&date.to_string()), Some(date));
    }
    for kind in Kind::ALL {
        for (container, spec) in (0u8..).zip(kind_spec(kind).containers) {
            spec.fields.iter().for_each(|field| stands_in(kind, container, spec.shape, field, text));
        }
    }
}

/// What a person typed and the device took is admitted by the office, and shown as it was taken.
fn stands_in(kind: Kind, container: u8, shape: Shape, field: &FieldSpec, typed: &str) {
    let Ok(text) = field.normalise(typed) else { return };
    assert_eq!(field.normalise(&text).as_ref(), Ok(&text), "{}", field.name);
    let subject = Subject::from_bytes([1; 16]);
    let key = SubjectKey::from_bytes([2; 32]);
    let Some(value) = field.to_scalar(&text, &subject, Some(&key)) else {
        panic!("{}: {text:?} has no form in a document", field.name)
    };
    let path = match shape {
        Shape::Fields => Path::new(container, field.name),
        Shape::Rows => {
            let row = qiaomen_proto::change::keys::record_key(CommandId::from_bytes([3; 16]), 0);
            Path::new(container, qiaomen_proto::change::keys::row_key(&row, field.name))
        }
        Shape::Records => return,
    };
    for role in field.writers {
        assert_eq!(check(kind, &path, &value, *role), Ok(()), "{}: {text:?}", field.name);
    }
    let mut ring = KeyRing::new();
    ring.insert(subject, key);
    assert_eq!(field.show(&value, &subject, &ring), Shown::Value(text), "{}", field.name);
}
