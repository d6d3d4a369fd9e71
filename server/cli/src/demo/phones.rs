//! The team's phones as they would be held: the field app of each, at an address of its own.

use super::DemoError;
use super::team::Member;
use qiaomen_host::App;
use std::path::PathBuf;

/// A phone that was put down.
#[derive(Debug)]
pub(crate) struct Home {
    title: &'static str,
    name: String,
    folder: PathBuf,
}

impl Home {
    /// Puts the phone of a member down: its database is closed, and whoever picks it up gives the PIN.
    pub(crate) fn of(member: Member) -> Self {
        Self { title: member.title, name: member.name, folder: member.home }
    }
}

/// A phone whose app is open.
#[derive(Debug)]
pub(crate) struct Phone {
    /// Role, as people call it.
    pub(crate) title: &'static str,
    /// Whose it is.
    pub(crate) name: String,
    /// Where to open it; lets in once.
    pub(crate) url: String,
}

/// Opens the app of each. They answer as long as the program runs.
pub(crate) async fn open(homes: Vec<Home>) -> Result<Vec<Phone>, DemoError> {
    let mut phones = Vec::new();
    for Home { title, name, folder } in homes {
        let app = App::open(&folder).await.map_err(DemoError::other)?;
        phones.push(Phone { title, name, url: app.url().to_owned() });
        tokio::spawn(app.serve(std::future::pending()));
    }
    Ok(phones)
}
