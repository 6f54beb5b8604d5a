//! The table of elements with Slack's limits.

use super::kinds::CARD;
use super::rules::{Field, Kind, Rule, may, must};

const PLACEHOLDER: Field = may("placeholder", Rule::Plain(150));
const FOCUS: Field = may("focus_on_load", Rule::Flag);
const CONFIRM: Field = may("confirm", Rule::Confirm);
const DISPATCH: Field = may("dispatch_action_config", Rule::Anything);
const SEVERAL: Field = may("max_selected_items", Rule::Whole { min: 1, max: 1000 });
const FEW_LETTERS: Field = may("min_query_length", Rule::Whole { min: 0, max: 1000 });
const ANSWERS: Field = may("response_url_enabled", Rule::Flag);
const STYLE: Field = may("style", Rule::OneOf(&["primary", "danger"]));
const OPTIONS: Field = may("options", Rule::Options { min: 1, max: 100 });
const GROUPS: Field = may("option_groups", Rule::Groups);
const FROM_LIST: &[&str] = &["options", "option_groups"];

pub const ELEMENTS: &[Kind] = &[
    Kind::new(
        "button",
        &[
            must("text", Rule::Plain(75)),
            may("value", Rule::MaybeEmpty(2000)),
            may("url", Rule::Words(3000)),
            STYLE,
            CONFIRM,
            may("accessibility_label", Rule::Words(75)),
        ],
    ),
    Kind::new(
        "workflow_button",
        &[
            must("text", Rule::Plain(75)),
            must("workflow", Rule::Anything),
            STYLE,
            may("accessibility_label", Rule::Words(75)),
        ],
    ),
    Kind::new(
        "static_select",
        &[OPTIONS, GROUPS, may("initial_option", Rule::Choice), PLACEHOLDER, FOCUS, CONFIRM],
    )
    .either(FROM_LIST),
    Kind::new(
        "multi_static_select",
        &[OPTIONS, GROUPS, may("initial_options", Rule::Choices), PLACEHOLDER, FOCUS, CONFIRM, SEVERAL],
    )
    .either(FROM_LIST),
    Kind::new(
        "external_select",
        &[FEW_LETTERS, may("initial_option", Rule::Choice), PLACEHOLDER, FOCUS, CONFIRM],
    ),
    Kind::new(
        "multi_external_select",
        &[FEW_LETTERS, may("initial_options", Rule::Choices), PLACEHOLDER, FOCUS, CONFIRM, SEVERAL],
    ),
    Kind::new("users_select", &[may("initial_user", Rule::Words(255)), PLACEHOLDER, FOCUS, CONFIRM]),
    Kind::new(
        "multi_users_select",
        &[may("initial_users", Rule::Strings(1000)), PLACEHOLDER, FOCUS, CONFIRM, SEVERAL],
    ),
    Kind::new(
        "channels_select",
        &[may("initial_channel", Rule::Words(255)), ANSWERS, PLACEHOLDER, FOCUS, CONFIRM],
    ),
    Kind::new(
        "multi_channels_select",
        &[may("initial_channels", Rule::Strings(1000)), PLACEHOLDER, FOCUS, CONFIRM, SEVERAL],
    ),
    Kind::new(
        "conversations_select",
        &[
            may("initial_conversation", Rule::Words(255)),
            may("default_to_current_conversation", Rule::Flag),
            may("filter", Rule::Anything),
            ANSWERS,
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    Kind::new(
        "multi_conversations_select",
        &[
            may("initial_conversations", Rule::Strings(1000)),
            may("default_to_current_conversation", Rule::Flag),
            may("filter", Rule::Anything),
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
            SEVERAL,
        ],
    ),
    Kind::new("overflow", &[must("options", Rule::Options { min: 2, max: 5 }), CONFIRM]),
    Kind::new(
        "checkboxes",
        &[
            must("options", Rule::Boxes { min: 1, max: 10 }),
            may("initial_options", Rule::Choices),
            FOCUS,
            CONFIRM,
        ],
    ),
    Kind::new(
        "radio_buttons",
        &[
            must("options", Rule::Boxes { min: 1, max: 10 }),
            may("initial_option", Rule::Choice),
            FOCUS,
            CONFIRM,
        ],
    ),
    Kind::new("datepicker", &[may("initial_date", Rule::Words(10)), PLACEHOLDER, FOCUS, CONFIRM]),
    Kind::new(
        "timepicker",
        &[
            may("initial_time", Rule::Words(5)),
            may("timezone", Rule::Words(255)),
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    Kind::new(
        "datetimepicker",
        &[may("initial_date_time", Rule::Whole { min: 1_000_000_000, max: 9_999_999_999 }), FOCUS, CONFIRM],
    ),
    Kind::new(
        "plain_text_input",
        &[
            may("initial_value", Rule::MaybeEmpty(3000)),
            may("multiline", Rule::Flag),
            may("min_length", Rule::Whole { min: 0, max: 3000 }),
            may("max_length", Rule::Whole { min: 1, max: 3000 }),
            DISPATCH,
            PLACEHOLDER,
            FOCUS,
        ],
    ),
    Kind::new(
        "email_text_input",
        &[may("initial_value", Rule::MaybeEmpty(3000)), DISPATCH, PLACEHOLDER, FOCUS],
    ),
    Kind::new(
        "url_text_input",
        &[may("initial_value", Rule::MaybeEmpty(3000)), DISPATCH, PLACEHOLDER, FOCUS],
    ),
    Kind::new(
        "number_input",
        &[
            must("is_decimal_allowed", Rule::Flag),
            may("initial_value", Rule::MaybeEmpty(3000)),
            may("min_value", Rule::Words(40)),
            may("max_value", Rule::Words(40)),
            DISPATCH,
            PLACEHOLDER,
            FOCUS,
        ],
    ),
    Kind::new("rich_text_input", &[may("initial_value", Rule::Anything), DISPATCH, PLACEHOLDER, FOCUS]),
    Kind::new(
        "file_input",
        &[may("filetypes", Rule::Strings(100)), may("max_files", Rule::Whole { min: 1, max: 10 })],
    ),
    Kind::new(
        "image",
        &[
            may("image_url", Rule::Words(3000)),
            may("slack_file", Rule::Anything),
            must("alt_text", Rule::Words(2000)),
        ],
    )
    .either(&["image_url", "slack_file"]),
    Kind::new(
        "feedback_buttons",
        &[must("positive_button", Rule::Anything), must("negative_button", Rule::Anything)],
    ),
    Kind::new(
        "icon_button",
        &[
            must("icon", Rule::Words(255)),
            must("text", Rule::Plain(75)),
            may("value", Rule::MaybeEmpty(2000)),
            may("visible_to_user_ids", Rule::Strings(1000)),
            may("accessibility_label", Rule::Words(75)),
            CONFIRM,
        ],
    ),
    CARD,
];
