// The names of common emoji. A name that is not here stays as it was typed, as in Slack.

import { h } from './vdom.js';

const TABLE = `
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊
innocent 😇 heart_eyes 😍 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 sunglasses 😎 nerd_face 🤓 thinking_face 🤔 neutral_face 😐
expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴
mask 😷 dizzy_face 😵 partying_face 🥳 confused 😕 worried 😟 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺
cry 😢 sob 😭 scream 😱 confounded 😖 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠 skull 💀 ghost 👻
robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 wave 👋 raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈
point_right 👉 point_up ☝️ point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ clap 👏 raised_hands 🙌
open_hands 👐 handshake 🤝 pray 🙏 muscle 💪 eyes 👀 eye 👁️ brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥 shrug 🤷 facepalm 🤦
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 broken_heart 💔 sparkling_heart 💖
100 💯 anger 💢 boom 💥 dizzy 💫 sweat_drops 💦 dash 💨 bomb 💣 speech_balloon 💬 thought_balloon 💭 zzz 💤
tada 🎉 confetti_ball 🎊 balloon 🎈 sparkles ✨ star ⭐ star2 🌟 fire 🔥 zap ⚡ sunny ☀️ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈 ocean 🌊
rocket 🚀 airplane ✈️ ship 🚢 car 🚗 bike 🚲 train 🚆 construction 🚧 vertical_traffic_light 🚦 rotating_light 🚨 anchor ⚓
trophy 🏆 medal 🏅 first_place_medal 🥇 dart 🎯 game_die 🎲 gift 🎁 birthday 🎂 cake 🍰 pizza 🍕 coffee ☕ tea 🍵 beer 🍺 beers 🍻 cookie 🍪
dog 🐶 cat 🐱 bear 🐻 bug 🐛 bee 🐝 turtle 🐢 snake 🐍 whale 🐳 dolphin 🐬 crab 🦀 octopus 🐙 unicorn_face 🦄 ram 🐏 seedling 🌱 evergreen_tree 🌲
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ exclamation ❗ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑
information_source ℹ️ recycle ♻️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrows_counterclockwise 🔄 leftwards_arrow_with_hook ↩️
twisted_rightwards_arrows 🔀 repeat 🔁 soon 🔜 new 🆕 free 🆓 up 🆙 ok 🆗 sos 🆘 black_small_square ▪️ white_small_square ▫️
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_green_square 🟩 large_red_square 🟥 large_yellow_square 🟨 large_blue_square 🟦 large_orange_square 🟧 large_purple_square 🟪
bulb 💡 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 scissors ✂️ lock 🔒 unlock 🔓 key 🔑
mag 🔍 mag_right 🔎 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ watch ⌚
calendar 📆 date 📅 spiral_calendar_pad 🗓️ clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 bookmark_tabs 📑 book 📖 books 📚
newspaper 📰 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 package 📦 inbox_tray 📥 outbox_tray 📤 email ✉️ envelope ✉️
computer 💻 desktop_computer 🖥️ keyboard ⌨️ iphone 📱 telephone ☎️ floppy_disk 💾 cd 💿 camera 📷 movie_camera 🎥 tv 📺 radio 📻 battery 🔋
electric_plug 🔌 satellite 🛰️ microscope 🔬 test_tube 🧪 syringe 💉 shield 🛡️ label 🏷️ ticket 🎫 wastebasket 🗑️ broom 🧹 checkered_flag 🏁
triangular_flag_on_post 🚩 waving_white_flag 🏳️ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣
`;

const words = TABLE.trim().split(/\s+/);
const CHARS = new Map(words.flatMap((word, at) => (at % 2 ? [] : [[word, words[at + 1]]])));

/** The emoji by this name, or nothing. */
export const emojiChar = (name) => CHARS.get(name.replace(/::skin-tone-\d$/, ''));

/** The emoji as it stands in a text; its name where it is unknown. */
export function emoji(name) {
  const char = emojiChar(name);
  if (!char) return `:${name}:`;
  return h(
    'span.sk-emoji',
    { role: 'img', 'aria-label': `${name.replaceAll('_', ' ')} emoji`, title: `:${name}:` },
    char,
  );
}

/** Text in which `:names:` have become emoji. */
export function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((part) => {
    const name = part.length > 2 && part.startsWith(':') && part.endsWith(':') ? part.slice(1, -1) : '';
    return name && emojiChar(name) ? emoji(name) : part;
  });
}

/** A few emoji whose name begins so. */
export function emojiLike(beginning) {
  const names = [...CHARS.keys()].filter((name) => name.startsWith(beginning));
  return names.slice(0, 8).map((name) => ({ name, char: CHARS.get(name) }));
}
