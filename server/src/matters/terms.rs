//! How long a matter may take, and what it can be: the office sets both.

use super::error::MatterError;
use crate::office::Office;
use crate::people::audit::{self, Deed};
use crate::store::sqlite::{CategoryRow, TermRow};
use qiaomen_proto::ids::WorkerId;
use std::collections::BTreeSet;

/// Categories at most: a clerk chooses from a list that she sees at once.
pub const CATEGORIES_MAX: usize = 60;
/// Terms at most.
pub const TERMS_MAX: usize = 12;
/// Days of a term at most.
pub const TERM_DAYS_MAX: u32 = super::plan::DUE_DAYS_MAX;
/// Characters of a category, as its field in the document.
pub const CATEGORY_CHARACTERS_MAX: usize = 64;

/// Days that a matter of this category has, unless somebody says otherwise; one of the terms.
pub fn default_days(categories: &[CategoryRow], terms: &[TermRow], category: Option<&str>) -> Option<u32> {
    let wanted = categories.iter().find(|c| Some(c.name.as_str()) == category)?.days?;
    // A term that is no more: the next shorter one, so that nothing gets longer by itself.
    terms.iter().map(|t| t.days).filter(|days| *days <= wanted).max()
}

/// Sets what a matter can be. Matters keep what they were called.
pub fn set_categories(office: &Office, rows: Vec<CategoryRow>, by: WorkerId) -> Result<(), MatterError> {
    let mut seen = BTreeSet::new();
    let mut clean = Vec::with_capacity(rows.len());
    for CategoryRow { name, days } in rows {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(MatterError::Unreadable { label: "类别" });
        }
        if name.chars().count() > CATEGORY_CHARACTERS_MAX {
            return Err(MatterError::TooLong { label: "类别", characters_max: CATEGORY_CHARACTERS_MAX });
        }
        in_bounds(days)?;
        if seen.insert(name.clone()) {
            clean.push(CategoryRow { name, days });
        }
    }
    if clean.is_empty() {
        return Err(MatterError::Missing { label: "至少一个类别" });
    }
    if clean.len() > CATEGORIES_MAX {
        return Err(MatterError::TooLong { label: "类别的单子", characters_max: CATEGORIES_MAX });
    }
    let inner = office.clone();
    office.store().write(move |tx| {
        tx.set_categories(&clean)?;
        Office::reference_changed(tx)?;
        Ok(audit::note(&inner, tx, by, Deed::Matter("categories"), None)?)
    })
}

/// Sets how long a matter may take. Days that were given stand.
pub fn set_terms(office: &Office, rows: Vec<(u32, bool)>, by: WorkerId) -> Result<(), MatterError> {
    let mut days_seen = BTreeSet::new();
    let mut terms = Vec::with_capacity(rows.len());
    for (days, consent) in rows {
        in_bounds(Some(days))?;
        if days_seen.insert(days) {
            let label = if days == 0 { "当日".to_owned() } else { format!("{days} 天") };
            terms.push(TermRow { days, label, consent });
        }
    }
    if terms.is_empty() || terms.len() > TERMS_MAX {
        return Err(MatterError::Missing { label: "1 到 12 种期限" });
    }
    let inner = office.clone();
    office.store().write(move |tx| {
        tx.set_terms(&terms)?;
        Ok(audit::note(&inner, tx, by, Deed::Matter("terms"), None)?)
    })
}

fn in_bounds(days: Option<u32>) -> Result<(), MatterError> {
    if days.is_some_and(|days| days > TERM_DAYS_MAX) {
        return Err(MatterError::TooLate { days_max: TERM_DAYS_MAX });
    }
    Ok(())
}
