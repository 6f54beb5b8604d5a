//! A form goes out, is filled in, comes back, and may go out again as it was.

use proptest::prelude::*;
use slack_morphism::blocks::SlackView;

use super::super::blocks::tests::assert_within_limits;
use super::super::payload::{Interaction, ViewState};
use super::*;
use crate::words::message::{Action, Choice, Field, FieldKind};
use crate::words::names::Team;

fn channel() -> Channel {
    Channel { team: Team::new("T1"), id: "C1".to_owned() }
}

fn form() -> Form {
    let branches = ["main".to_owned(), format!("feature/{}", "x".repeat(100))];
    Form {
        title: "Open a pull request".to_owned(),
        submit: "Open".to_owned(),
        intro: vec![Line::from("In `web/api`, as you."), Line::from("Take your time.")],
        fields: vec![
            Field::new("title", "Title", FieldKind::Text).filled(Some("Limit")).hint("Short."),
            Field::new("description", "Description", FieldKind::LongText).optional(),
            Field::new("into", "Into", FieldKind::Choice(branches.map(Choice::plain).to_vec())),
            Field::new("from", "From", FieldKind::Lookup("branch".to_owned())).filled(Some("limit-rate")),
            Field::new("token", "Token", FieldKind::Secret),
        ],
        does: Action::named("pr.open").with("repo", "web/api").with("title", "Limit"),
    }
}

/// What Slack sends when somebody has typed this and sends the view.
fn submitted(view: &View, typed: &[(&str, &str)]) -> ViewState {
    let mut view = view.as_json().clone();
    let mut values = serde_json::Map::new();
    for block in view["blocks"].as_array().unwrap() {
        if block["type"] != "input" {
            continue;
        }
        let (name, element) = (block["block_id"].as_str().unwrap(), &block["element"]);
        let typed = typed.iter().find(|(field, _)| *field == name).map(|(_, typed)| *typed);
        let state = if element["type"] == "plain_text_input" {
            json!({"type": "plain_text_input", "value": typed.or(element["initial_value"].as_str())})
        } else {
            let chosen = typed
                .map(|value| json!({"text": {"type": "plain_text", "text": value}, "value": carried(value)}));
            json!({"type": element["type"], "selected_option": chosen.unwrap_or(element["initial_option"].clone())})
        };
        values.insert(name.to_owned(), json!({element["action_id"].as_str().unwrap(): state}));
    }
    view["id"] = json!("V1");
    view["hash"] = json!("1.a");
    view["state"] = json!({"values": values});
    let payload =
        json!({"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view});
    match Interaction::from_json(payload.to_string().as_bytes()).unwrap() {
        Interaction::Submitted(submitted) => submitted.view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_vendor_library_knows_every_view() {
    let refused = refused(&form(), Some(&channel()), &Line::from("No such branch.")).unwrap();
    for view in [refused, working("Merging", "One moment …"), result("Merged", &Message::line("Done."))] {
        let read: SlackView = serde_json::from_value(view.as_json().clone()).unwrap();
        assert!(!format!("{read:?}").contains("Unknown"), "{read:?}");
        assert_within_limits(view.as_json()["blocks"].as_array().unwrap(), 100);
    }
}

#[test]
fn what_is_typed_becomes_the_command() {
    let long = format!("feature/{}", "x".repeat(100));
    let view = view(&form(), Some(&channel())).unwrap();
    let came = submitted(
        &view,
        &[("title", "  "), ("description", " as\ntyped "), ("into", &long), ("token", " hush ")],
    );
    let action = action(&came).unwrap();
    let expected = Action::named("pr.open")
        .with("repo", "web/api")
        .with("description", " as\ntyped ")
        .with("into", long)
        .with("from", "limit-rate")
        .with("token", "hush");
    assert_eq!(action, expected);
    assert_eq!(asked_in(&came), Some(channel()));
    assert_eq!(secret_fields(&came).into_iter().collect::<Vec<_>>(), ["token"]);
}

#[test]
fn a_refused_form_keeps_all_that_was_typed_but_secrets() {
    let first = view(&form(), Some(&channel())).unwrap();
    let came = submitted(&first, &[("title", "Better"), ("into", "main"), ("token", "hush")]);
    let rebuilt = rebuild(&came, &channel().team).unwrap();
    let mut expected = form();
    if let FieldKind::Choice(choices) = &mut expected.fields[2].kind {
        choices[1].text = clip(&choices[1].text, 75);
    }
    expected.fields[0].value = Some("Better".to_owned());
    expected.fields[2].value = Some("main".to_owned());
    // What a field holds is not carried a second time.
    expected.does.fields.remove("title");
    assert_eq!(rebuilt, expected);
    let again = refused(&rebuilt, asked_in(&came).as_ref(), &Line::from("`limit-rate` is gone.")).unwrap();
    assert!(again.as_json()["blocks"][0].to_string().contains("is gone."));
    assert!(!again.as_json().to_string().contains("hush"));
    let twice = rebuild(&submitted(&again, &[]), &channel().team).unwrap();
    assert_eq!(twice, expected, "a reason does not pile up");
}

#[test]
fn many_choices_stand_in_groups() {
    let choices: Vec<Choice> = (0..250).map(|at| Choice::plain(format!("b{at}"))).collect();
    let mut form = form();
    form.fields = vec![Field::new("b", "B", FieldKind::Choice(choices.clone())).filled(Some("b249"))];
    let view = view(&form, Asked::default()).unwrap();
    let element = &view.as_json()["blocks"][1]["element"];
    assert_eq!(element["option_groups"].as_array().unwrap().len(), 3);
    assert_eq!(element["initial_option"]["value"], "b249");
    let rebuilt = rebuild(&submitted(&view, &[]), &channel().team).unwrap();
    assert_eq!(rebuilt.fields[0].kind, FieldKind::Choice(choices));
}

#[test]
fn a_form_that_carries_too_much_is_not_drawn() {
    let mut form = form();
    form.does = form.does.with("message", "x".repeat(3_000));
    assert!(view(&form, Asked::default()).unwrap_err().0 > 3_000);
}

#[test]
fn a_text_too_long_for_a_field_is_cut_and_the_hint_says_so() {
    let mut form = form();
    form.fields[1].value = Some("ä".repeat(4_000));
    let view = view(&form, Asked::default()).unwrap();
    let block = &view.as_json()["blocks"][2];
    assert_eq!(block["element"]["initial_value"].as_str().unwrap().chars().count(), 3_000);
    assert!(block["hint"]["text"].as_str().unwrap().starts_with("Only the first"));
}

#[test]
fn complaints_stand_under_their_fields() {
    let complaints = BTreeMap::from([("title".to_owned(), "Say\nmore.".to_owned())]);
    let expected = json!({"response_action": "errors", "errors": {"title": "Say more."}});
    assert_eq!(errors(&complaints), expected);
}

fn field() -> impl Strategy<Value = Field> {
    let words = prop_oneof![8 => "\\PC{0,20}", 4 => any::<String>(), 1 => (0_usize..3_500).prop_map(|count| "<&a".repeat(count))];
    let choices = proptest::collection::vec("[a-c&]{0,3}|[a-z/]{70,110}", 0..9)
        .prop_map(|all| FieldKind::Choice(all.into_iter().map(Choice::plain).collect()));
    let many = proptest::collection::vec("[a-c]{0,3}", 0..12)
        .prop_map(|all| FieldKind::Many(all.into_iter().map(Choice::plain).collect()));
    let kind = prop_oneof![
        many,
        Just(FieldKind::LookupMany("person".to_owned())),
        Just(FieldKind::Text),
        Just(FieldKind::LongText),
        Just(FieldKind::Secret),
        choices,
        Just(FieldKind::Lookup("branch".to_owned())),
        Just(FieldKind::Flag),
    ];
    let value = proptest::option::of(words.clone());
    (("[a-z]{0,3}", words.clone(), kind), (value, proptest::option::of(words), any::<bool>())).prop_map(
        |((name, label, kind), (value, hint, optional))| Field {
            value,
            hint,
            optional,
            ..Field::new(&name, &label, kind)
        },
    )
}

fn assert_valid(view: &Value) {
    let units = |value: &Value| value.as_str().unwrap().encode_utf16().count();
    let blocks = view["blocks"].as_array().unwrap();
    assert_within_limits(blocks, 100);
    assert!(units(&view["title"]["text"]) <= 24 && units(&view["submit"]["text"]) <= 24);
    assert!(units(&view["private_metadata"]) <= 3_000);
    let mut ids = BTreeSet::new();
    for block in blocks {
        if let Some(id) = block["block_id"].as_str() {
            assert!(!id.is_empty() && ids.insert(id.to_owned()), "{id} twice");
        }
        let element = &block["element"];
        if let Some(value) = element["initial_value"].as_str() {
            assert!((1..=3_000).contains(&value.encode_utf16().count()));
        }
        let options = element["options"].as_array().into_iter().flatten();
        for option in options.chain(element.get("initial_option")) {
            assert!((1..=75).contains(&units(&option["value"])) && units(&option["text"]["text"]) <= 75);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn any_form_is_valid_and_comes_back(
        title in "\\PC{0,40}",
        submit in "\\PC{0,40}",
        fields in proptest::collection::vec(field(), 0..4),
        reason in "\\PC{0,60}",
    ) {
        let form = Form { title, submit, intro: vec![Line::new().text(reason.clone())], fields, does: Action::named("x") };
        let drawn = refused(&form, Some(&channel()), &Line::new().text(reason));
        if let Ok(view) = drawn {
            assert_valid(view.as_json());
            let came = submitted_if_clean(&view);
            if let Some(came) = came {
                let rebuilt = rebuild(&came, &channel().team).unwrap();
                prop_assert!(rebuilt.fields.len() <= form.fields.len());
                prop_assert!(action(&came).is_ok());
            }
        }
    }
}

/// A view as it comes back, unless it holds a NUL, which Slack never sends.
fn submitted_if_clean(view: &View) -> Option<ViewState> {
    let clean = !view.as_json().to_string().contains("\\u0000");
    clean.then(|| submitted(view, &[]))
}
