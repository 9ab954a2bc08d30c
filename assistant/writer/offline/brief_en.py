"""What the offline writer puts into a brief, in English. {name} is the first name of the person it is about."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {
    "left_off": "Where you left off",
    "advice": "What they advised",
    "tell": "What to tell",
    "ask": "What to ask",
    "avoid": "Better not",
    "opening": "An opening line",
    "motives": "Their reasons and yours",
    "next_step": "Next step",
}
UNDATED: Final = "without a date"
HOW: Final = {
    "mail": "you wrote",
    "emailed": "you wrote",
    "met": "you met",
    "meeting": "you met",
    "called": "you spoke on the phone",
    "talked to": "you talked",
    "done": "you were in touch",
}
LEFT_OFF: Final = "On {day}, {ago}, {how}{subject}."
SUBJECT: Final = ", under “{subject}”"
NEVER: Final = (
    "No contact with {name} was seen so far, so start small.",
    "There is nothing yet that you and {name} share in your mail: say briefly why you write.",
)
NOTED: Final = "Your note of {day}: “{text}”."
QUOTED: Final = " (“{text}”)"
ADVICE: Final = (
    "On {day} you noted as advice: “{text}”. Say what came of it.",
    "“{text}”: that was the advice of {day}. Start by saying what you did with it.",
    "You had this advice on {day}: “{text}”. If you did not act on it, say why.",
    "Come back to “{text}” (noted on {day}): whether it worked is what an adviser most likes to hear.",
)
TELL: Final = "News since then, noted on {day}: “{text}”."
ASKED: Final = "On {day} you asked for something: “{text}”. Say thanks, or how it went, before you ask again."
NOTHING_TO_TELL: Final = {
    "ally-open": (
        "Have ready what you would bring to it yourself.",
        "Say in one sentence what you would like to move forward, and why it matters to you.",
    ),
    "ally-met": (
        "Say what their part made possible, in one sentence.",
        "Have ready what came of it, so that the thanks are about something.",
    ),
    "never": (
        "Have ready in two sentences who you are to each other and why you write.",
        "Say in one sentence why you thought of {name}.",
    ),
    "mentor": (
        "No win is noted since then. One small lesson, good or bad, is enough to trade.",
        "Bring one thing that annoyed you and one thing that worked; it need not be big.",
        "Have one idea ready that you would like to say aloud.",
    ),
    "advisor": (
        "No news is noted since then. Sum up in two sentences where you stand before you ask.",
        "Have ready what changed for you since you last spoke, in two sentences.",
        "Say first what went well: a request reads better after news.",
    ),
    "advocate": (
        "No win is noted since then. Choose one result of yours and tell it in three sentences.",
        "Find one piece of recent work that shows the strength you want to be known for.",
        "Have one clear story ready: the problem, what you did, what came of it.",
    ),
    "ally": (
        "Say what you have done for the goal since then, even if it is little.",
        "Have ready what is finished and what is stuck, one sentence each.",
        "Start with your own share before you speak of theirs.",
    ),
}
SEEN_AS: Final = (
    "Decide before you write: which one sentence should {name} say of you when you are not in the room?",
    "How should {name} see you? Choose one strength, and let everything you say point to it.",
    "Say which larger role you want: {name} can only speak up for it when it is known.",
)
QUESTIONS: Final = {
    "mentor": (
        "What are you going through at work right now?",
        "What did you learn lately that you would have liked to know earlier?",
        "What annoys you most at the moment, and what do you do about it?",
        "Which idea are you turning over that you have told nobody yet?",
        "What happens outside your job that you find worth watching?",
        "What would you do in my place?",
    ),
    "advisor": (
        "Where do you see me stand, from outside?",
        "How did you decide when it was time to move on?",
        "What would make you say that this role is still the right one for me?",
        "What was a turn on your own path that looked wrong at first?",
        "How would you prepare for a talk about salary or a larger role?",
        "Whom should I get to know for the next step?",
        "How did you keep work and the rest of your life in balance?",
    ),
    "advocate": (
        "Which problem would you most like to see solved in the time ahead?",
        "What do you look for when you decide who takes on something larger?",
        "Where could my work be of more use than it is now?",
        "What should I show more of, so that others see it too?",
        "Which occasion would be a good one to present this?",
    ),
    "ally": (
        "What do you most want to get out of this?",
        "Which next step is small enough to happen soon?",
        "What would make you drop it?",
        "What do you need from me so that your side moves?",
        "How will we know that we are done?",
    ),
    "ally-met": (
        "Did you get out of it what you wanted?",
        "What are you after next?",
        "What should we do otherwise the next time?",
    ),
    "mentor-candidate": (
        "Would you like to trade ideas and lessons with me every few weeks?",
        "What are you learning at the moment?",
        "What would you want from somebody to swap notes with?",
    ),
    "advisor-candidate": (
        "Would you be an advisor to me: a call a few times a year, prepared on my side?",
        "How did your own path lead you to where you are?",
        "What would you look at first if you were in my place?",
    ),
    "advocate-candidate": (
        "What matters most to you in the time ahead?",
        "Where do you see a place for the kind of work I do?",
        "What would you like to see from me before you would trust me with something larger?",
    ),
    "ally-candidate": (
        "What are you trying to get done, and what stands in the way?",
        "Is there a goal that both of us want?",
        "What would you get out of doing it together?",
    ),
}
GOAL_QUESTION: Final = {
    "mentor": "Your goal is “{text}”: how would {name} go about it?",
    "advisor": "Your goal is “{text}”: ask {name} where the gap is, seen from outside.",
    "advocate": "Your goal is “{text}”: make sure that {name} knows it, and ask what is missing.",
}
MOTIVES_GOAL: Final = (
    "The goal you share: “{text}”. Ask what {name} gets from it, and say what you get.",
    "You both want “{text}”, each for reasons of your own: name yours, and find out theirs.",
    "Before the next step towards “{text}”, be clear about what is in it for {name} and what is in it for you.",
)
MOTIVES: Final = (
    "Say what you got out of it, and ask what {name} got.",
    "You had your reasons and {name} had others: thank for theirs, not only for the result.",
)
MOTIVES_OPEN: Final = (
    "Find out what {name} wants before you say what you want.",
    "Ask what {name} would get out of it, and say what you would get.",
)
COMING: Final = "You meet on {day}{text}: make it count."
NEXT: Final = {
    "ally": (
        "Agree on one small step with a day on it, and offer to take your part first.",
        "Write down together who does what next; nobody here works for the other.",
        "Ask for the smallest step that shows whether this still moves.",
    ),
    "ally-met": (
        "Say thanks, then close it (close), or give {name} another role if you want to stay in touch.",
        "Thank {name} in front of others as well, then close the goal.",
    ),
    "advocate": (
        "Find the next occasion where {name} sees your work: a review, a talk, a larger meeting.",
        "Plan how to show that strength the next time {name} is in the room.",
        "After the talk, send three lines with what you heard and what you will do.",
    ),
    "candidate": (
        "Ask directly: to be asked for advice is welcome to most people.",
        "Name what you are asking for and how much time it takes; then make it easy to say no.",
    ),
}
NEXT_UNTIL: Final = {
    "until": "The goal runs until {day}: agree on the step that is due before then.",
    "past": "The goal was to end on {day}: decide together whether it goes on, and close it if not.",
}
AVOID: Final = {
    "mentor": (
        "A formal agenda; this is a talk between people who like to talk.",
        "Only your own troubles: leave room for theirs.",
        "Complaints are fine with a peer, less so with somebody above you.",
    ),
    "advisor": (
        "Complaints; bring a question instead.",
        "A string of small questions: choose the one that matters.",
        "Coming without a plan: know what you want to hear about.",
    ),
    "advocate": (
        "Complaints, and any favour in the first mail.",
        "Asking without news: first the update, then the question.",
        "A second request before you have said thanks for the first.",
    ),
    "ally": (
        "Instructions; {name} does not work for you.",
        "Taking their help for granted.",
        "Talking only about what you need.",
    ),
}
OPENING: Final = {
    "mentor": (
        "“What has been on your mind lately?”",
        "“I have something to tell you, but you first.”",
        "“What was the best part of your week, and the worst?”",
    ),
    "advisor": (
        "“There is one question I would like to get your view on.”",
        "“Let me tell you in two sentences where I stand, and then I would like to listen.”",
        "“Before my question: how have things gone for you?”",
    ),
    "advocate": (
        "“I would like to tell you about one piece of work, and then hear what matters most to you.”",
        "“May I give you the short version of what my work has led to?”",
        "“I would like to do more in this direction, and I wanted you to hear it from me.”",
    ),
    "ally": (
        "“How does it look from your side?”",
        "“Let me start with what I can do for it.”",
        "“What would make this worth your time?”",
    ),
    "ally-met": (
        "“I wanted to say thank you in person.”",
        "“We did it: what did you like best about it?”",
    ),
}
