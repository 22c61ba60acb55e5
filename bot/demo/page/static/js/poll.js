/** What a poll looks like to the person who speaks: options to tap, or what all have chosen. */

import { avatar } from "./avatar.js";
import { countdown } from "./countdown.js";
import { h, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { shownName, t } from "./language.js";
import { showVoters } from "./voters.js";

const MOST_FACES = 3; // of those who voted, where all may know

/** The poll of a message. `does` says what can be done, as for messages: ballotOf, choose, vote, retract. */
export function pollPart(message, does) {
  const { poll } = message;
  const ballot = does.ballotOf(message);
  const isAnswered = poll.is_closed || ballot.own.length > 0;
  const title = `poll-title-${message.chat.id}-${message.message_id}`;
  return h(
    "div",
    { class: "poll", role: "group", "aria-labelledby": title },
    h("p", { class: "poll-question", id: title, dir: "auto" }, formatted(poll.question, poll.question_entities)),
    h(
      "p",
      { class: "poll-kind" },
      h("span", {}, kindOf(poll)),
      !poll.is_anonymous && faces(ballot.voters),
      !poll.is_closed && poll.close_date && countdown(poll.close_date),
    ),
    isAnswered ? results(poll, ballot.own) : options(message, ballot, does),
    isAnswered && poll.explanation && explanation(poll),
    footer(message, ballot, isAnswered, does),
  );
}

function kindOf({ type, is_anonymous: isAnonymous, is_closed: isClosed }) {
  if (isClosed) return t("Final results");
  if (type === "quiz") return isAnonymous ? t("Anonymous quiz") : t("Quiz");
  return isAnonymous ? t("Anonymous poll") : t("Poll");
}

function faces(voters) {
  if (voters.length === 0) return null;
  const label = t("Voted: {names}", { names: voters.map((name) => shownName(name)).join(", ") });
  return h("span", { class: "poll-faces", role: "img", "aria-label": label, title: label }, voters.slice(-MOST_FACES).map((name) => avatar(name)));
}

/** One tap votes; where several may be chosen, taps choose, and the button below votes. */
function options(message, { chosen, isSending }, does) {
  const { options: all, allows_multiple_answers: isMultiple } = message.poll;
  const option = ({ text, text_entities: entities }, id) => {
    const isChosen = chosen.has(id);
    const semantics = isMultiple ? { role: "checkbox", "aria-checked": String(isChosen) } : {};
    return h(
      "button",
      {
        type: "button",
        class: isMultiple ? "poll-option several" : "poll-option",
        "data-key": `option${id}`,
        "aria-disabled": isSending && "true",
        ...semantics,
        onclick: () => (isMultiple ? does.choose(message, id) : does.vote(message, [id])),
      },
      h("span", { class: isSending && isChosen ? "poll-mark sending" : "poll-mark", "aria-hidden": "true" }, isMultiple && isChosen && icon("tick")),
      h("span", { class: "poll-answer", dir: "auto" }, formatted(text, entities)),
    );
  };
  return h("div", { class: "poll-options" }, all.map(option));
}

function results(poll, own) {
  const counts = poll.options.map((option) => option.voter_count);
  const most = Math.max(...counts, 1);
  const shares = percentages(counts, poll.total_voter_count);
  return h("ul", { class: "poll-options" }, poll.options.map((option, id) => result(poll, option, id, { isOwn: own.includes(id), share: shares[id], most })));
}

/** Stands where the option stood, and takes the focus over from it. */
function result(poll, { text, text_entities: entities, voter_count: votes }, id, { isOwn, share, most }) {
  const correct = correctOptions(poll);
  const isRight = correct.includes(id);
  const isWrong = isOwn && correct.length > 0 && !isRight;
  const verdict = [isOwn && t("your vote"), isRight && t("the right answer"), isWrong && t("wrong")].filter(Boolean);
  const bar = h("span", { class: "poll-bar", "aria-hidden": "true" }, h("span", {}));
  bar.firstChild.style.width = `${(100 * votes) / most}%`;
  const mark = isRight || isOwn ? h("span", { class: "poll-tick", "aria-hidden": "true" }, icon(isWrong ? "close" : "tick")) : null;
  return h(
    "li",
    { class: `poll-result${isRight ? " right" : ""}${isWrong ? " wrong" : ""}`, tabindex: -1, "data-key": `option${id}` },
    h("span", { class: "poll-share" }, `${share}%`),
    h(
      "span",
      { class: "poll-answer", dir: "auto" },
      formatted(text, entities),
      verdict.length > 0 && h("span", { class: "unseen" }, ` (${verdict.join(", ")})`),
    ),
    mark,
    bar,
  );
}

/** Of a quiz, as far as they are known. */
export function correctOptions({ type, correct_option_id: one, correct_option_ids: all }) {
  if (type !== "quiz") return [];
  return all ?? (one === undefined ? [] : [one]);
}

function explanation({ explanation: said, explanation_entities: entities }) {
  return h("div", { class: "poll-explanation", role: "note", dir: "auto" }, icon("bulb"), h("p", {}, formatted(said, entities)));
}

function footer(message, ballot, isAnswered, does) {
  const { poll } = message;
  const { own, chosen, isSending } = ballot;
  const canVote = poll.allows_multiple_answers && !isAnswered;
  const canRetract = own.length > 0 && !poll.is_closed && (poll.allows_revoting ?? poll.type !== "quiz");
  const vote = () => chosen.size > 0 && does.vote(message, [...chosen].sort((one, other) => one - other));
  return h(
    "div",
    { class: "poll-footer" },
    canVote && chosen.size > 0
      ? h("button", { type: "button", "data-key": "vote", "aria-disabled": isSending && "true", onclick: vote }, t("Vote"))
      : count(poll, ballot, isAnswered),
    canRetract && h("button", { type: "button", "data-key": "retract", onclick: () => does.retract(message) }, t("Retract vote")),
  );
}

/** Where all may know who chose what, whoever has voted can look. */
function count(poll, ballot, isAnswered) {
  const words = counted(poll);
  if (poll.is_anonymous || !isAnswered || ballot.voters.length === 0) return h("span", {}, words);
  const label = `${words}: ${t("who voted for what")}`;
  return h("button", { type: "button", "data-key": "voters", "aria-label": label, title: label, onclick: () => showVoters(poll, ballot) }, words);
}

function counted({ type, total_voter_count: count }) {
  if (type === "quiz") {
    if (count === 0) return t("No answers yet");
    return count === 1 ? t("1 answer") : t("{count} answers", { count });
  }
  if (count === 0) return t("No votes yet");
  return count === 1 ? t("1 vote") : t("{count} votes", { count });
}

/** Whole numbers of a hundred, the same for the same counts, that come as near to a hundred together as that allows.
 *
 * Where several can be chosen a person counts in several options, and there is no such sum.
 */
export function percentages(counts, total) {
  if (total === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (100 * count) / total);
  if (counts.reduce((sum, count) => sum + count, 0) !== total) return exact.map(Math.round);
  const shares = exact.map(Math.floor);
  let left = 100 - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = [...new Set(counts)].sort((one, other) => ((100 * other) % total) - ((100 * one) % total));
  for (const count of byRemainder) {
    const alike = counts.filter((other) => other === count).length;
    if ((100 * count) % total === 0 || alike > left) continue;
    for (const [id, other] of counts.entries()) if (other === count) shares[id] += 1;
    left -= alike;
  }
  return shares;
}
