//! The language reads, prints back, points at mistakes, and knows when it needs the files.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Filter {
    text.parse().unwrap_or_else(|misread: Misread| panic!("{}\n{misread}", misread.pointed()))
}

fn facts() -> Facts {
    let one = |text: &str| vec![text.to_owned()];
    Facts {
        author: vec!["grace".to_owned(), "Grace Hopper".to_owned()],
        reviewer: one("ada"),
        actor: one("ada"),
        into: one("main"),
        from: one("feature/PAY-12-limit"),
        title: "Limit the rate".to_owned(),
        ..Facts::default()
    }
}

#[test]
fn conditions_hold_or_not() {
    for (text, wanted) in [
        ("author:grace", Answer::Yes),
        ("author:\"grace hopper\"", Answer::Yes),
        ("author:gr*", Answer::Yes),
        ("author:ada OR reviewer:ada", Answer::Yes),
        ("author:ada reviewer:ada", Answer::No),
        ("NOT author:ada AND into:main", Answer::Yes),
        ("-author:grace", Answer::No),
        ("into:release/*", Answer::No),
        ("branch:feature/*", Answer::Yes),
        ("title:RATE", Answer::Yes),
        ("title:rate*", Answer::No),
        ("jira:PAY-*", Answer::Yes),
        ("jira:PAY-1", Answer::No),
        ("draft:no bot:no", Answer::Yes),
        ("build:failed", Answer::No),
        ("path:src/*", Answer::NeedsFiles),
        ("path:src/* AND author:ada", Answer::No),
        ("path:src/* OR author:grace", Answer::Yes),
        ("NOT (size:>20)", Answer::NeedsFiles),
    ] {
        assert_eq!(read(text).holds(&facts()), wanted, "{text}");
    }
    let asked = Facts { files: Some(vec!["src/api/rate.rs".to_owned()]), ..facts() };
    assert_eq!(read("path:src/* size:<2 size:1 -size:>1").holds(&asked), Answer::Yes);
}

#[test]
fn it_prints_back_as_it_would_be_written() {
    for (text, printed) in [
        ("author:ada into:main", "author:ada AND into:main"),
        ("a", ""),
        ("(author:ada OR author:bob) -draft:true", "(author:ada OR author:bob) AND NOT draft:yes"),
        ("title:\"a \\\"b\\\"\"", "title:\"a \\\"b\\\"\""),
        ("SIZE:>3 OR (path:x OR path:y)", "size:>3 OR path:x OR path:y"),
    ] {
        match text.parse::<Filter>() {
            Ok(filter) => assert_eq!(filter.to_string(), printed),
            Err(_) => assert_eq!(printed, ""),
        }
    }
}

#[test]
fn a_mistake_is_pointed_at() {
    let pointed = |text: &str| {
        let misread = text.parse::<Filter>().unwrap_err();
        format!("{}\n{misread}", misread.pointed())
    };
    insta::assert_snapshot!(pointed("author:ada AND"), @"
    author:ada AND
                  ^
    expected a condition like author:ada; it may ask for author, reviewer, actor, into, from, branch, title, path, draft, bot, build, size, jira
    ");
    insta::assert_snapshot!(pointed("draft:perhaps"), @"
    draft:perhaps
          ^
    expected yes or no
    ");
    insta::assert_snapshot!(pointed("(author:ada OR author:bob"), @"
    (author:ada OR author:bob
                             ^
    expected `)`, AND or OR
    ");
    insta::assert_snapshot!(pointed("author:ada)"), @"
    author:ada)
              ^
    expected AND, OR or the end
    ");
    assert!("NOT ".repeat(5_000).parse::<Filter>().is_err());
    assert!("(".repeat(900).parse::<Filter>().is_err());
}

fn any_test() -> impl Strategy<Value = Filter> {
    let like = prop::sample::select(vec![Field::Author, Field::Into, Field::Path, Field::Title, Field::Jira]);
    prop_oneof![
        4 => (like, "[a-zA-Z*?/ \"\\\\()é-]{1,8}").prop_map(|(field, form)| Filter::If(field, Test::Like(form))),
        1 => any::<bool>().prop_map(|is| Filter::If(Field::Draft, Test::Is(is))),
        1 => any::<u64>().prop_map(|count| Filter::If(Field::Size, Test::Counts(Count::Over(count)))),
    ]
}

fn any_filter() -> impl Strategy<Value = Filter> {
    any_test().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| Filter::Not(Box::new(part))),
            prop::collection::vec(inner.clone(), 1..4).prop_filter_map("some", Filter::all),
            prop::collection::vec(inner, 1..4).prop_filter_map("some", Filter::any),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn what_is_printed_reads_the_same(filter in any_filter()) {
        let printed = filter.to_string();
        if printed.chars().count() <= 1000 {
            prop_assert_eq!(printed.parse::<Filter>().unwrap(), filter);
        }
    }

    #[test]
    fn nothing_typed_panics(text in "(author:|path:|size:|draft:| |AND|OR|NOT|-|\\(|\\)|\"|\\PC){0,24}") {
        match text.parse::<Filter>() {
            Ok(filter) => {
                let _ = filter.holds(&Facts::default());
                prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
            }
            Err(misread) => {
                prop_assert!(misread.at <= text.chars().count());
                let _ = misread.pointed();
            }
        }
    }
}
