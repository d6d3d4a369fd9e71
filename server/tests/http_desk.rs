//! The clerk's desk over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::asking::{Answer, Served};
use crate::dispute::Dispute;
use qiaomen_server::http::Bounds;
use serde_json::{Value, json};

const PASSWORD: &str = "腊八蒜 2026 春";

struct Desk<'s> {
    served: &'s Served,
    bearer: String,
}

impl<'s> Desk<'s> {
    fn sign_in(served: &'s Served) -> Self {
        let body = json!({ "login": "zhaomin", "password": PASSWORD }).to_string();
        let reply = served.post("/v1/office/login", body.as_bytes());
        assert_eq!(reply.status, 200, "{}", reply.head);
        Self { served, bearer: format!("Bearer {}", reply.json()["token"].as_str().unwrap()) }
    }
    fn get(&self, path: &str) -> Answer {
        self.served.ask("GET", &format!("/v1/office{path}"), &[("Authorization", &self.bearer)], b"")
    }
    fn post(&self, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.served.ask("POST", &format!("/v1/office{path}"), &[("Authorization", &self.bearer)], body.as_bytes())
    }
}

#[test]
fn without_a_session_nothing_is_shown_and_nothing_is_done() {
    let d = Dispute::about_a_phone();
    let served = Served::new(&d.town.office, Bounds::default());
    for (method, path) in [
        ("GET", "status"),
        ("GET", "conflicts"),
        ("GET", "conflicts/1"),
        ("POST", "conflicts/1/decide"),
        ("POST", "conflicts/1/undo"),
        ("GET", "conflicts/counts"),
        ("POST", "conflicts/preview"),
        ("POST", "conflicts/bulk"),
        ("POST", "conflicts/bulk/1/undo"),
        ("GET", "parallel"),
        ("GET", "quarantine"),
        ("GET", "quarantine/export"),
        ("POST", "quarantine/1/release"),
        ("POST", "quarantine/1/discard"),
        ("GET", "devices"),
        ("GET", "doors/1-1-101"),
        ("POST", "logout"),
    ] {
        for header in
            ["", "Bearer", "Bearer x", "Basic emhhb21pbjp4", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
        {
            let reply = served.ask(method, &format!("/v1/office/{path}"), &[("Authorization", header)], b"{}");
            assert_eq!(reply.problem(), (401, "sign_in".to_owned()), "{method} {path} {header}");
        }
    }
    assert_eq!(d.open().len(), 1);
}

#[test]
fn a_clerk_signs_in_looks_decides_undoes_and_signs_out() {
    let d = Dispute::about_a_phone();
    let served = Served::new(&d.town.office, Bounds::default());
    let desk = Desk::sign_in(&served);
    let status = desk.get("/status").json();
    assert_eq!(
        (&status["conflicts_open"], &status["residents"], &status["community"]),
        (&1.into(), &1.into(), &"和顺社区".into())
    );
    let list = desk.get("/conflicts?state=open").json();
    let (id, seen) = (list[0]["id"].as_i64().unwrap(), list[0]["seen"].as_str().unwrap().to_owned());
    assert_eq!(list[0]["candidates"][1]["label"], "B");
    assert_eq!(desk.get(&format!("/conflicts/{id}")).json()["field_label"], "联系电话");

    let decide = format!("/conflicts/{id}/decide");
    for wrong in [
        json!({}),
        json!({ "take": "A" }),
        json!({ "take": "A", "both": true, "seen": seen }),
        json!({ "seen": seen }),
        json!([]),
    ] {
        assert_eq!(desk.post(&decide, &wrong).problem(), (400, "malformed".to_owned()), "{wrong}");
    }
    let stale = desk.post(&decide, &json!({ "take": "A", "seen": "0000000000" }));
    assert_eq!(stale.problem(), (409, "candidates_changed".to_owned()));
    assert_eq!(stale.json()["seen"], seen);
    assert_eq!(
        desk.post(&decide, &json!({ "both": true, "seen": seen })).problem(),
        (422, "choice_not_possible".to_owned())
    );
    let decided = desk.post(&decide, &json!({ "take": "B", "seen": seen }));
    assert_eq!((decided.status, &decided.json()["text"]), (200, &list[0]["candidates"][1]["text"]));
    assert_eq!(desk.post(&decide, &json!({ "take": "A", "seen": seen })).problem().0, 409);
    assert_eq!(desk.get("/conflicts?state=decided").json()[0]["decided_by"], "zhaomin");
    assert_eq!(desk.post(&format!("/conflicts/{id}/undo"), &json!({})).status, 200);
    assert_eq!(d.open().len(), 1);

    assert_eq!(desk.post("/logout", &json!({})).status, 200);
    assert_eq!(desk.get("/status").problem(), (401, "sign_in".to_owned()));
    let (rows, broken) = d.town.office.store().read(|tx| tx.check_audit()).unwrap();
    assert_eq!(broken, None);
    assert!(rows >= 7, "looks and deeds are written down: {rows}");
}

#[test]
fn doors_devices_and_what_is_held_back_are_shown() {
    let mut d = Dispute::about_a_phone();
    d.wang.register_door(&d.town, 1, "301");
    d.wang.sync(&d.town.office);
    let served = Served::new(&d.town.office, Bounds::default());
    let desk = Desk::sign_in(&served);
    let door = desk.get("/doors/1-1-101").json();
    assert_eq!(
        (&door["address"], &door["residents"][0]["fields"][0]["text"]),
        (&"1号楼1单元101".into(), &"张三".into())
    );
    assert_eq!(door["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get(&format!("/doors/{}", d.door)).json()["id"], door["id"]);
    assert_eq!(desk.get("/doors/9-9-999").problem(), (404, "not_found".to_owned()));
    assert_eq!(desk.get("/conflicts/x").problem(), (404, "not_found".to_owned()));
    assert_eq!(desk.get("/conflicts?state=lost").problem(), (400, "malformed".to_owned()));
    let devices = desk.get("/devices").json();
    assert_eq!((devices.as_array().unwrap().len(), &devices[0]["worker_name"]), (2, &"王建国".into()));

    let held = desk.get("/quarantine?state=held").json();
    let id = held[0]["id"].as_i64().unwrap();
    assert_eq!((&held[0]["code"], &held[0]["places"][0]), (&"out_of_scope".into(), &"2号楼1单元301".into()));
    assert_eq!(desk.post(&format!("/quarantine/{id}/discard"), &json!({ "reason": "?" })).problem().0, 400);
    assert_eq!(desk.post(&format!("/quarantine/{id}/release"), &json!({})).json()["state"], "released");
    assert_eq!(desk.post(&format!("/quarantine/{id}/discard"), &json!({ "reason": "trial" })).problem().0, 409);
    assert_eq!(desk.get("/doors/2-1-301").json()["grid"], "第2网格");
}

#[test]
fn many_are_shown_by_a_rule_decided_as_shown_and_taken_back_as_one() {
    let d = Dispute::about_a_phone();
    let served = Served::new(&d.town.office, Bounds::default());
    let desk = Desk::sign_in(&served);
    let query = "?field=phone&grid=%E7%AC%AC1%E7%BD%91%E6%A0%BC&door=1-1-101&worker=%E7%8E%8B%E5%BB%BA%E5%9B%BD";
    assert_eq!(desk.get(&format!("/conflicts{query}")).json().as_array().unwrap().len(), 1);
    assert_eq!(desk.get("/conflicts?field=use&state=open").json(), json!([]));
    assert_eq!(desk.get("/conflicts?colour=red").problem(), (400, "malformed".to_owned()));
    let counts = desk.get("/conflicts/counts?state=open").json();
    assert_eq!((&counts["total"], &counts["by_field"][0]["of"]), (&1.into(), &"联系电话".into()));

    for wrong in [json!({}), json!({ "rule": "newest" }), json!({ "rule": "later", "filters": { "colour": "red" } })] {
        assert_eq!(desk.post("/conflicts/preview", &wrong).problem(), (400, "malformed".to_owned()), "{wrong}");
    }
    let ask = json!({ "rule": "highest_role", "filters": { "field": "联系电话" } });
    let shown = desk.post("/conflicts/preview", &ask).json();
    assert_eq!((&shown["decides"][0]["text"], shown["leaves"].as_array().unwrap().len()), (&"13900000003".into(), 0));
    assert_eq!(d.open().len(), 1);
    assert_eq!(desk.post("/conflicts/bulk", &json!({})).problem(), (400, "malformed".to_owned()));
    assert_eq!(desk.post("/conflicts/bulk", &json!({ "token": "0" })).problem(), (404, "not_found".to_owned()));
    let done = desk.post("/conflicts/bulk", &json!({ "token": shown["token"] })).json();
    assert_eq!((done["decided"].as_array().unwrap().len(), d.open().len()), (1, 0));
    assert_eq!(desk.post("/conflicts/bulk", &json!({ "token": shown["token"] })).problem().0, 409);
    let bulk = &done["bulk"];
    let undone = desk.post(&format!("/conflicts/bulk/{bulk}/undo"), &json!({})).json();
    assert_eq!((undone["undone"].as_array().unwrap().len(), d.open().len()), (1, 1));
    assert_eq!(desk.post("/conflicts/bulk/99/undo", &json!({})).problem(), (404, "not_found".to_owned()));
}

#[test]
fn what_was_merged_by_itself_and_the_file_of_what_is_held_are_there_for_programs_too() {
    let mut d = Dispute::none_yet();
    let put = |key: &str, text: &str| qiaomen_proto::change::Edit {
        path: qiaomen_proto::change::Path::new(0, key),
        value: qiaomen_proto::change::Scalar::Str(text.to_owned()),
    };
    d.wang.write(vec![(d.zhang.into(), vec![put("sex", "女")])]);
    d.li.write(vec![(d.zhang.into(), vec![put("relation", "配偶")])]);
    d.wang.register_door(&d.town, 1, "301");
    d.everyone_syncs();
    let served = Served::new(&d.town.office, Bounds::default());
    let desk = Desk::sign_in(&served);
    let list = desk.get("/parallel?days=3").json();
    assert_eq!((&list[0]["kind"], list[0]["edits"].as_array().unwrap().len()), (&"parallel".into(), 2));
    assert_eq!(desk.get("/parallel?days=x").problem(), (400, "malformed".to_owned()));
    let file = desk.get("/quarantine/export?state=held&code=out_of_scope").json();
    assert_eq!((&file["community"], &file["commands"][0]["code"]), (&"和顺社区".into(), &"out_of_scope".into()));
    assert!(file["commands"][0]["command_bytes"].as_str().is_some_and(|b| b.len() > 40));
    let id = file["commands"][0]["id"].as_i64().unwrap();
    let away = desk.post(&format!("/quarantine/{id}/discard"), &json!({ "reason": "住户说没有这回事" }));
    assert_eq!((&away.json()["state"], &away.json()["reason"]), (&"discarded".into(), &"other".into()));
    assert_eq!(desk.get("/quarantine?state=discarded").json()[0]["reason"], "住户说没有这回事");
}

#[test]
fn who_guesses_a_password_is_locked_out_and_told_for_how_long() {
    let d = Dispute::none_yet();
    let served = Served::new(&d.town.office, Bounds::default());
    let sign_in = |login: &str, password: &str| {
        served.post("/v1/office/login", json!({ "login": login, "password": password }).to_string().as_bytes())
    };
    assert_eq!(sign_in("nobody", "x").problem(), (401, "sign_in".to_owned()));
    for _ in 0..5 {
        assert_eq!(sign_in("zhaomin", "wrong").problem(), (401, "sign_in".to_owned()));
    }
    let locked = sign_in("zhaomin", PASSWORD);
    assert_eq!(locked.problem(), (429, "too_many".to_owned()));
    assert_eq!(locked.header("retry-after"), Some("60"));
    assert_eq!(served.post("/v1/office/login", b"login=zhaomin").problem(), (400, "malformed".to_owned()));
    assert_eq!(served.post("/v1/office/login", &[b' '; 5000]).problem(), (413, "too_large".to_owned()));
}
