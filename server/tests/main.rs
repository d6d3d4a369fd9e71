//! The stories of the office, in one program: each program of tests would carry a whole SQLCipher of its own.
//! `tests/tidy` sees that no file is forgotten.

#[path = "support/asking.rs"]
mod asking;
#[path = "support/books.rs"]
mod books;
#[path = "support/counted.rs"]
mod counted;
#[path = "support/dispute.rs"]
mod dispute;
#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/matter.rs"]
mod matter;
#[path = "support/messy_workbook.rs"]
mod messy_workbook;
#[path = "support/phone.rs"]
mod phone;
#[path = "support/staff.rs"]
mod staff;

mod books_lost;
mod bounds;
mod card;
mod conflict_bulk;
mod conflict_life;
mod conflict_model;
mod conflict_parallel;
mod conflict_provenance;
mod day_close;
mod duplicates;
mod export;
mod given_back;
mod held_late;
mod http_desk;
mod http_edge;
mod id_parts;
mod import_again;
mod import_books;
mod import_matters;
mod import_preview;
mod import_sealed;
mod let_in;
mod looks;
mod map_figures;
mod matters;
mod overview_figures;
mod people_clerks;
mod people_enrol;
mod photos;
mod policies;
mod review_decide;
mod review_held;
mod review_quarantine;
mod review_rescue;
mod shapes;
mod store_older;
mod sync_core;
mod told_by_another;
mod trainings;
mod verify;
mod verify_after_work;
mod workbook_choices;
mod workbook_hostile;
mod workbook_office_books;
mod workbook_other_books;
mod workbook_rows;
mod written;
