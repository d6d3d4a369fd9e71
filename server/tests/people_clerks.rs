//! Clerks sign in; whoever guesses their passwords does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::phone::Town;
use qiaomen_server::office::DATABASE_NAME;
use qiaomen_server::people::SignInError;
use qiaomen_server::people::attempts::WRONG_PASSWORDS_MAX;
use qiaomen_server::people::clerks::{SESSION_LIFE_MS, add_clerk, login, logout, session};
use std::sync::atomic::Ordering;

const PASSWORD: &str = "腊八蒜 2026 春";

#[test]
fn a_clerk_signs_in_and_the_session_ends_when_she_signs_out() {
    let town = Town::new();
    let id = add_clerk(&town.office, "zhaomin", PASSWORD).unwrap();
    let opened = login(&town.office, " zhaomin ", PASSWORD).unwrap();
    let who = session(&town.office, &opened.token).unwrap().unwrap();
    assert_eq!((who.clerk, who.login.as_str()), (id, "zhaomin"));
    logout(&town.office, &opened.token).unwrap();
    assert_eq!(session(&town.office, &opened.token).unwrap(), None);
    assert_eq!(session(&town.office, "x").unwrap(), None);
}

#[test]
fn a_session_lasts_twelve_hours() {
    let town = Town::new();
    add_clerk(&town.office, "zhaomin", PASSWORD).unwrap();
    let opened = login(&town.office, "zhaomin", PASSWORD).unwrap();
    town.around.now_ms.fetch_add(SESSION_LIFE_MS - 1, Ordering::SeqCst);
    assert!(session(&town.office, &opened.token).unwrap().is_some());
    town.around.now_ms.fetch_add(1, Ordering::SeqCst);
    assert!(session(&town.office, &opened.token).unwrap().is_none());
}

#[test]
fn after_five_wrong_passwords_even_the_right_one_has_to_wait_and_longer_after_the_next() {
    let town = Town::new();
    add_clerk(&town.office, "zhaomin", PASSWORD).unwrap();
    let wait = |password: &str| match login(&town.office, "zhaomin", password) {
        Err(SignInError::Locked { retry_after_s }) => Some(retry_after_s),
        _ => None,
    };
    for _ in 0..WRONG_PASSWORDS_MAX {
        assert!(matches!(login(&town.office, "zhaomin", "wrong"), Err(SignInError::Wrong)));
    }
    assert_eq!(wait(PASSWORD), Some(60));
    town.around.now_ms.fetch_add(60_000, Ordering::SeqCst);
    assert!(matches!(login(&town.office, "zhaomin", "wrong"), Err(SignInError::Wrong)));
    assert_eq!(wait(PASSWORD), Some(120));
    town.around.now_ms.fetch_add(120_000, Ordering::SeqCst);
    login(&town.office, "zhaomin", PASSWORD).unwrap();
    // The right one clears the count.
    assert!(matches!(login(&town.office, "zhaomin", "wrong"), Err(SignInError::Wrong)));
    login(&town.office, "zhaomin", PASSWORD).unwrap();
}

#[test]
fn an_unknown_name_is_answered_like_a_wrong_password() {
    let town = Town::new();
    assert!(matches!(login(&town.office, "nobody", PASSWORD), Err(SignInError::Wrong)));
}

#[test]
fn a_new_password_replaces_the_old_one_and_the_clerk_stays_the_same_person() {
    let town = Town::new();
    let first = add_clerk(&town.office, "zhaomin", PASSWORD).unwrap();
    let second = add_clerk(&town.office, "zhaomin", "another good one").unwrap();
    assert_eq!(first, second);
    assert!(matches!(login(&town.office, "zhaomin", PASSWORD), Err(SignInError::Wrong)));
    login(&town.office, "zhaomin", "another good one").unwrap();
}

#[test]
fn short_and_endless_passwords_and_names_with_blanks_are_refused() {
    let town = Town::new();
    assert!(matches!(add_clerk(&town.office, "zhaomin", "1234567"), Err(SignInError::Password)));
    assert!(matches!(add_clerk(&town.office, "zhaomin", &"x".repeat(257)), Err(SignInError::Password)));
    add_clerk(&town.office, "zhaomin", &"x".repeat(256)).unwrap();
    for login in ["", "zhao min", &"x".repeat(33)] {
        assert!(matches!(add_clerk(&town.office, login, PASSWORD), Err(SignInError::Login)), "{login}");
    }
}

#[test]
fn neither_password_nor_token_is_readable_in_the_database() {
    let town = Town::new();
    add_clerk(&town.office, "zhaomin", PASSWORD).unwrap();
    let token = login(&town.office, "zhaomin", PASSWORD).unwrap().token;
    let mut bytes = std::fs::read(town.dir.path().join(DATABASE_NAME)).unwrap();
    bytes.extend(std::fs::read(town.dir.path().join(format!("{DATABASE_NAME}-wal"))).unwrap());
    for secret in [PASSWORD, token.as_str()] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
    assert!(bytes.windows(9).any(|w| w == b"$argon2id"));
}
