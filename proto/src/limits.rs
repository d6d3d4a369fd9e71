//! Every limit, with its reason. A test stands at each maximum and one past it.

/// One sealed or plain text value: a long note; a page of typing is about 2,000 bytes.
pub const VALUE_BYTES_MAX: usize = 8 * 1024;
/// A key in a container: a record id (22) and a field name.
pub const KEY_BYTES_MAX: usize = 64;
/// Code of a department: its name as the roster spells it, up to forty characters.
pub const DEPARTMENT_CODE_BYTES_MAX: usize = 120;
/// Operations in one change: a registration writes about 15.
pub const OPS_PER_CHANGE_MAX: usize = 256;
/// Changes in one command: a move touches one person and two doors.
pub const CHANGES_PER_COMMAND_MAX: usize = 16;
/// Commands in one push: a long day is about 150; the rest goes in the next round trip.
pub const COMMANDS_PER_PUSH_MAX: usize = 512;
/// Dependencies of one change: heads of a document that many devices touched at once.
pub const DEPS_PER_CHANGE_MAX: usize = 64;
/// Predecessors of one operation: candidates that one edit can replace.
pub const PREDS_PER_OP_MAX: usize = 64;
/// A request body as it arrives, compressed.
pub const REQUEST_BYTES_MAX: usize = 1024 * 1024;
/// A body after decompression, either way.
pub const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A reply body as it arrives, compressed.
pub const REPLY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Keys that travel in one message.
pub const KEYS_PER_MESSAGE_MAX: usize = 8 * 1024;
/// Keys of one subject: one, or a few where several devices sealed the same new door at once.
pub const KEYS_PER_SUBJECT_MAX: usize = 8;
/// Streams that one device follows: its grids, its own, its department's, the community's.
pub const STREAMS_PER_DEVICE_MAX: usize = 64;
/// Log entries in one reply; more follow in the next round trip.
pub const ENTRIES_PER_REPLY_MAX: usize = 2_000;
/// Documents in one page of the first sync.
pub const DOCUMENTS_PER_PAGE_MAX: usize = 256;
/// Documents whose heads one request compares: those of a whole community.
pub const HEADS_PER_REQUEST_MAX: usize = 16 * 1024;
/// Documents that the office asks back in one reply; more in the next.
pub const WANTED_PER_REPLY_MAX: usize = 4 * 1024;
/// Commands that one request gives back.
pub const GIVEN_PER_REQUEST_MAX: usize = 512;
/// Commands of which one reply says that a person has let them in, each with boxes of keys; more in the next.
pub const LET_IN_PER_REPLY_MAX: usize = 64;
/// Changes that one document can have before it must be compacted by a person.
pub const CHANGES_PER_DOCUMENT_MAX: usize = 50_000;
/// The latest time that a stamp may bear: the end of the year 9999. A phone with a wrong date may be years
/// off and its work is still taken; beyond this no row and no calendar can say the time.
pub const WALL_MS_MAX: u64 = 253_402_300_799_999;
/// How far a remote stamp may run ahead of corrected now before it stops advancing our clock.
pub const CLOCK_AHEAD_MS_MAX: u64 = 5 * 60 * 1000;
/// A photo as it travels and rests, sealed: a page of text on the wall is readable at half of it.
pub const PHOTO_BYTES_MAX: usize = 512 * 1024;
/// The longer edge of a photo, in pixels.
pub const PHOTO_EDGE_MAX: u16 = 4_096;
/// Bytes of a photo in one request: on 40 kB a second they take under two seconds, and no more than that is lost when
/// the link breaks, or stands before a line of text that is written meanwhile.
pub const PHOTO_CHUNK_BYTES_MAX: usize = 64 * 1024;
/// Characters of what a training was about.
pub const TRAINING_TOPIC_CHARACTERS_MAX: usize = 60;
/// Trainings of one worker that a device is told of, the latest: those of many years.
pub const TRAININGS_PER_WORKER_MAX: usize = 200;
/// Photos of one matter that the office takes pictures for: a few from each of several hands.
pub const PHOTOS_PER_TICKET_MAX: usize = 64;
/// Photos that the office has in part from one device: a day's, where every link broke.
pub const PHOTO_PARTS_PER_DEVICE_MAX: usize = 64;
/// Requests that one device makes in a minute, and at once after a silence. A day's photos are 64 of 16 pieces, the first
/// load of a community of 50,000 documents 200 pages: an honest day never meets it. A program that asks in a circle then
/// takes its turn twenty times a second, and not more.
pub const REQUESTS_PER_DEVICE_AND_MINUTE_MAX: u32 = 1_200;
/// Commands of one device that the office holds back for a person: those of two weeks of 150 a day, had every one of
/// them been doubtful. What comes beyond that stays on the device until somebody has looked at some.
pub const HELD_PER_DEVICE_MAX: u64 = 2_048;
/// Their bytes, keys with them: a command is some hundred bytes, and one with photos and a long note two thousand.
pub const HELD_BYTES_PER_DEVICE_MAX: u64 = 16 * 1024 * 1024;
/// Looks at masked values in one request: those of a busy day; the rest goes in the next round trip.
pub const LOOKS_PER_REQUEST_MAX: usize = 256;
/// Fields that one look names: all of a person, with room for those of later releases.
pub const LOOK_FIELDS_MAX: usize = 64;
