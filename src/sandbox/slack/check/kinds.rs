//! The table of blocks and views with Slack's limits.

use super::rules::{Kind, MESSAGES, MODALS, Rule, may, must};

const BUTTONS: &[&str] = &["button", "workflow_button"];

const ACCESSORIES: &[&str] = &[
    "button",
    "workflow_button",
    "image",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
];

const ACTIONS: &[&str] = &[
    "button",
    "workflow_button",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "rich_text_input",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
];

const INPUTS: &[&str] = &[
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
];

pub const BLOCKS: &[Kind] = &[
    Kind::new("divider", &[]),
    Kind::new(
        "section",
        &[
            may("text", Rule::Prose(3000)),
            may("fields", Rule::Proses { most: 10, length: 2000 }),
            may("accessory", Rule::Part(ACCESSORIES)),
            may("expand", Rule::Flag),
        ],
    )
    .either(&["text", "fields"]),
    Kind::new("header", &[must("text", Rule::Plain(150))]),
    Kind::new(
        "image",
        &[
            may("image_url", Rule::Words(3000)),
            may("slack_file", Rule::Anything),
            must("alt_text", Rule::Words(2000)),
            may("title", Rule::Plain(2000)),
        ],
    )
    .either(&["image_url", "slack_file"]),
    Kind::new("actions", &[must("elements", Rule::Parts { min: 1, max: 25, kinds: ACTIONS })]),
    Kind::new(
        "context",
        &[must("elements", Rule::Parts { min: 1, max: 10, kinds: &["image", "mrkdwn", "plain_text"] })],
    ),
    Kind::new(
        "context_actions",
        &[must("elements", Rule::Parts { min: 1, max: 5, kinds: &["feedback_buttons", "icon_button"] })],
    )
    .on(MESSAGES),
    Kind::new(
        "input",
        &[
            must("label", Rule::Plain(2000)),
            must("element", Rule::Part(INPUTS)),
            may("hint", Rule::Plain(2000)),
            may("optional", Rule::Flag),
            may("dispatch_action", Rule::Flag),
        ],
    ),
    Kind::new("markdown", &[must("text", Rule::Words(12_000))]).on(MESSAGES),
    Kind::new("rich_text", &[must("elements", Rule::Many(1000))]),
    Kind::new("table", &[must("rows", Rule::Rows), may("column_settings", Rule::Many(20))]).on(MESSAGES),
    Kind::new("data_table", &[may("rows", Rule::Rows)]).on(MESSAGES).open(),
    Kind::new(
        "alert",
        &[
            must("text", Rule::Prose(3000)),
            may("level", Rule::OneOf(&["default", "info", "warning", "error", "success"])),
        ],
    )
    .on(MODALS),
    CARD,
    Kind::new("carousel", &[must("elements", Rule::Parts { min: 1, max: 10, kinds: &["card"] })])
        .on(MESSAGES),
    Kind::new("container", &[]).open(),
    Kind::new("data_visualization", &[]).open(),
    Kind::new("file", &[must("external_id", Rule::Words(255)), must("source", Rule::Words(255))])
        .on(MESSAGES),
    Kind::new("plan", &[]).on(MESSAGES).open(),
    Kind::new("task_card", &[must("title", Rule::Words(3000))]).on(MESSAGES).open(),
    Kind::new(
        "video",
        &[
            must("alt_text", Rule::Words(2000)),
            must("title", Rule::Plain(200)),
            must("thumbnail_url", Rule::Words(3000)),
            must("video_url", Rule::Words(3000)),
        ],
    )
    .open(),
];

/// A card; on its own, or in a carousel.
pub const CARD: Kind = Kind::new(
    "card",
    &[
        may("title", Rule::Prose(150)),
        may("subtitle", Rule::Prose(150)),
        may("body", Rule::Prose(200)),
        may("subtext", Rule::Prose(200)),
        may("icon", Rule::Part(&["image"])),
        may("hero_image", Rule::Part(&["image"])),
        may("actions", Rule::Parts { min: 1, max: 5, kinds: BUTTONS }),
        may("block_id", Rule::Words(255)),
    ],
)
.on(MESSAGES);

pub const VIEWS: &[Kind] = &[
    Kind::new(
        "modal",
        &[
            must("title", Rule::Plain(24)),
            must("blocks", Rule::Anything),
            may("submit", Rule::Plain(24)),
            may("close", Rule::Plain(24)),
            may("private_metadata", Rule::MaybeEmpty(3000)),
            may("callback_id", Rule::MaybeEmpty(255)),
            may("external_id", Rule::MaybeEmpty(255)),
            may("clear_on_close", Rule::Flag),
            may("notify_on_close", Rule::Flag),
            may("submit_disabled", Rule::Flag),
        ],
    ),
    Kind::new(
        "home",
        &[
            must("blocks", Rule::Anything),
            may("private_metadata", Rule::MaybeEmpty(3000)),
            may("callback_id", Rule::MaybeEmpty(255)),
            may("external_id", Rule::MaybeEmpty(255)),
        ],
    ),
];
