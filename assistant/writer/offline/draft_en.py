"""What the offline writer says in English.

Slots: {since} when the last contact was, {v} how ("wrote", "met", "talked"), {about} ", about the topic" or nothing,
{goal} the common goal as a noun. A sentence states nothing but what its slots hold; wishes and questions are the
owner's own, as the owner decides whether to send them.
"""

from __future__ import annotations

from typing import Final

OPENINGS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "mentor": {
        "due": (
            "We last {v} {since}{about}, and I'd like to hear how things have been on your side.",
            "It was {since} that we last {v}{about}, so it feels like time to compare notes again.",
            "Time for a round of swapping stories: we last {v} {since}{about}.",
            "We last {v} {since}{about}; by now each of us must have a few new lessons to trade.",
            "How are things with you? We last {v} {since}{about}, and I'd rather not let it slip any longer.",
            "I'd like to pick our conversation up again; we last {v} {since}{about}.",
            "Our last exchange was {since}{about}, and I'm curious where your head is these days.",
        ),
        "long": (
            "It has been far too long: we last {v} {since}{about}, and I'd like to change that.",
            "I should have written sooner: we last {v} {since}{about}.",
            "This note comes without a special reason: we last {v} {since}{about}, and I'd like to hear how you are.",
            "We last {v} {since}{about}, which is longer than I like to go without talking to you.",
            "It's been quiet between us for too long; we last {v} {since}{about}.",
        ),
        "never": (
            "I keep meaning to write to you properly, so here I am.",
            "I'd like to talk with you more often than I do, so let me make a start.",
            "You are one of the people I'd most like to trade ideas with, and a note is overdue.",
            "Instead of waiting for a good occasion, I thought I'd simply write.",
            "I'd like to hear what you are busy with, and there is no clever reason behind it.",
        ),
        "candidate": (
            "We write often enough that I thought I'd ask you something more directly.",
            "I get a lot out of our mails, so I have a question that is not about the work at hand.",
            "Here is a question that I'd rather ask openly than hint at.",
            "I've been asking myself whom I'd like to learn together with, and I thought of you.",
            "This is not about any task we share; it is about something I'd enjoy.",
        ),
    },
    "advisor": {
        "due": (
            "We last {v} {since}{about}, and I'd value your view from outside again.",
            "It was {since} that we last {v}{about}, and there is a question I'd like to bring to you.",
            "Since we last {v} {since}{about}, I've been wanting to ask for your perspective once more.",
            "Our last exchange was {since}{about}, and I'd be glad to continue it.",
            "I'm writing because I'd like your advice again; we last {v} {since}{about}.",
            "When we last {v} {since}{about}, I was glad of your time, and I'd like to ask for a little more of it.",
            "I'd like to hear how you are, and to think something through with you, as we last {v} {since}{about}.",
        ),
        "long": (
            "It has been a long time: we last {v} {since}{about}, and I should have written sooner.",
            "We last {v} {since}{about}, and I'm sorry for the long silence on my side.",
            "Too much time has passed since we last {v} {since}{about}, so I'd like to start again with a short note.",
            "It's been quiet on my side for too long; we last {v} {since}{about}.",
            "I owe you a note: we last {v} {since}{about}.",
        ),
        "never": (
            "I would like to ask for your perspective on something, and I'll keep it short.",
            "I've wanted to write to you for some time, because I'd value your view from outside.",
            "When I think about whose advice I'd want on my career, your name is on the list.",
            "I'm writing to you because I'd like to learn from the path you have taken.",
            "You are further along the road than I am, and I'd like to ask you about it.",
        ),
        "candidate": (
            "I have an unusual question, and I'd rather ask it directly.",
            (
                "I'm looking for somebody with an outside view whom I may ask about my career now and then, and I "
                "thought of you."
            ),
            "I've been thinking about whose advice I'd want for the years ahead, and your name came first.",
            "There is something I would like to ask you that has nothing to do with daily work.",
            "I would like to learn from people further along the road, and you are one of them.",
        ),
    },
    "advocate": {
        "due": (
            "We last {v} {since}{about}, and I'd like to bring you up to date.",
            "It was {since} that we last {v}{about}, and I'd like to give you a short update on my work.",
            "I'd like to tell you briefly where my work stands; we last {v} {since}{about}.",
            "Our last exchange was {since}{about}, so a short update from me is due.",
            "As we last {v} {since}{about}, I'd like to show you what has come together since then.",
            "We last {v} {since}{about}, so let me give you the story behind the work since then.",
        ),
        "long": (
            "It has been a long time since we {v} directly: that was {since}{about}.",
            "We last {v} {since}{about}, and an update from me is well overdue.",
            "A short update is overdue, as we last {v} {since}{about}.",
            "We last {v} one to one {since}{about}, so allow me a short update.",
        ),
        "never": (
            "We rarely get to talk directly, so I'd like to tell you in a few lines what I work on.",
            "You see the results of many teams; I'd like to show you the thinking behind mine.",
            "I would like you to know a little more about my work than what reaches you in larger meetings.",
            "There is seldom room in larger meetings for the story behind the work, so I'm writing to you directly.",
        ),
        "hoped": (
            "I would like you to have a clear picture of my work, so I'm writing to you directly.",
            "We seldom have a reason to talk one to one, and I'd like to make one.",
            "I'd like to hear how you see the larger picture, and to tell you in short what I work on.",
            "I'd like to understand what matters most to you in the time ahead, and where my work fits in.",
        ),
        "candidate": (
            "I would like you to have a clear picture of my work, so I'm writing to you directly.",
            "We seldom talk one to one, and I'd like to change that.",
            "I'd like to hear how you see the larger picture, and to tell you in short what I work on.",
            "I'd like to understand what matters most to you in the time ahead, and where my work fits in.",
        ),
    },
    "ally": {
        "due": (
            "I'd like to see where we stand with {goal}; we last {v} {since}{about}.",
            "Quick check on {goal}: we last {v} {since}{about}, and I'd like to keep it moving.",
            "We last {v} {since}{about}, so let me ask how {goal} looks from your side.",
            "Let's take the next step with {goal}; it was {since} that we last {v}{about}.",
            "It was {since} that we last {v}{about}, and {goal} is still on my mind.",
            "Before {goal} slips down both our lists: we last {v} {since}{about}.",
        ),
        "long": (
            "{goal_cap} has been quiet for too long; we last {v} {since}{about}.",
            "We last {v} {since}{about}, and I'd like to know whether {goal} still matters to you as it does to me.",
            "I let {goal} rest for too long, as we last {v} {since}{about}.",
            "Let's be honest about {goal}: we last {v} {since}{about}, and I'd like us to decide how to go on.",
        ),
        "never": (
            "I'd like to talk with you about {goal} and how we can move it along together.",
            "Let's find the next step for {goal} while we both still want it.",
            "I'm writing about {goal}, because I think it goes better with both of us behind it.",
            "I'd like to hear how {goal} looks from where you stand.",
        ),
        "goal-met": (
            "We did it: {goal} is done, and I want to thank you properly.",
            "{goal_cap} is behind us now, and I don't want to move on without thanking you.",
            "Now that {goal} is done, I want to say it plainly: thank you.",
            "Before we both run to the next thing: thank you for {goal}.",
        ),
        "candidate": (
            "I have the feeling that we want some of the same things, so I'd like to ask you directly.",
            "I think we could move something forward together that neither of us can do alone.",
            "I think you look at things from another angle than I do, and that could help us both.",
            "I'd like to find out whether there is a goal that both of us want.",
        ),
    },
}

WHY: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "I'm turning over a few ideas at the moment that would be better for a second head.",
        "On my side there is a bit of progress and a bit of frustration, and I'd enjoy trading both with you.",
        "It does me good to be reminded that the world is bigger than my own desk.",
        "There are a couple of things on my mind that I'd only tell somebody who knows this kind of work.",
        "I always think more clearly about my own questions once I've said them aloud to somebody who gets it.",
    ),
    "advisor": (
        "I'm thinking about what I should take on next, and I'm too close to it to see it clearly.",
        "I'm weighing how to shape the next part of my career, and a view from outside would help me a great deal.",
        "I'd also like to understand better how you made such choices on your own path.",
        (
            "The one thing on my mind is how to position myself for a larger role, and I'd like to hear how you "
            "would go about it."
        ),
    ),
    "advocate": (
        "I'd like to take on a larger part in what comes next, and I'd rather say so than have you guess.",
        "I'd like to be useful where the hard problems are, and it helps to know what matters most to you.",
        "I'd like to make sure that my work goes in the direction you care about.",
        "The short version is that I'm looking for larger questions to work on, and I'd like you to know that.",
    ),
    "ally": (
        "I know what I'd get out of it, and I'd like to make sure that there is enough in it for you.",
        "It matters to me for my own reasons, and I'd like to understand yours better.",
        "I'd rather agree on one small next step than on a big plan that neither of us has time for.",
        "If your reasons are different now, I'd like to know that too, so that it stays worth it for both of us.",
    ),
    "ally-open": (
        "I know what I'd get out of it, and I'd like to make sure that there is enough in it for you.",
        "I'd rather start with one small step than with a big plan that neither of us has time for.",
        "I have my own reasons for wanting it, and I'd like to understand yours.",
    ),
    "goal-met": (
        "I could not have done it without you pulling on the same rope.",
        "I know you had your own reasons to want it, and I hope you got what you were after.",
        "It was a pleasure to want the same thing with you.",
        "I enjoyed having somebody at my side who wanted it as much as I did.",
    ),
}

NEWS: Final[tuple[str, ...]] = (
    "Some news from my side: {news}.",
    "One thing you might like to hear: {news}.",
    "From my side there is this to tell: {news}.",
    "There is a bit of good news here: {news}.",
    "In short, what is new here: {news}.",
)
NEWS_FOLLOW: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "I'd be glad to tell you the longer version, with the parts that did not go smoothly.",
        "The story behind it is better told over a coffee.",
    ),
    "advisor": (
        "It makes me think about what should come next, and that is where I could use a view from outside.",
        "It raises the question of what I should aim for next.",
    ),
    "advocate": (
        "I'd like to build on that and take on a larger part in what comes next.",
        "It shows the kind of work I'd like to do more of.",
    ),
    "ally": (
        "I mention it because it may help with what we both want.",
        "Perhaps it is of use to our common goal as well.",
    ),
}
ADVICE: Final[tuple[str, ...]] = (
    "Your advice {advice} has stayed with me, and I'd like to tell you what came of it.",
    "I have not forgotten your advice {advice}, and you should hear what came of it.",
    "I keep coming back to your advice {advice}; let me tell you how that has gone.",
    "I still think about your advice {advice}, and I owe you a word on what came of it.",
)
ADVICE_PLAIN: Final[tuple[str, ...]] = (
    "Your advice has stayed with me, and I'd like to tell you what came of it.",
    "I have not forgotten the advice you gave me, and you should hear what came of it.",
    "I keep coming back to what you advised me; let me tell you how that has gone.",
    "I still think about the advice you gave me, and I owe you a word on what came of it.",
)
GOAL: Final[tuple[str, ...]] = (
    "What I'm working towards: {aim}.",
    "My aim for the time ahead is this: {aim}.",
    "In short, where I want to get to: {aim}.",
    "My goal, in a few words: {aim}.",
)

ASKS: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "Do you feel like a coffee or a quick call in the coming weeks, whenever it suits you?",
        "Shall we find half an hour for a coffee or a call, on a day that is easy for you?",
        "Are you up for a call or a coffee soon, just to hear what each of us is going through?",
        "Could we talk for 20 to 30 minutes some time soon, by phone or over a coffee?",
        "Would you like to catch up soon, over lunch or on the phone, whatever is simpler?",
    ),
    "advisor": (
        "Would you have 20 to 30 minutes for a call in the coming weeks, at a time that suits you best?",
        "May I ask you for 20 to 30 minutes on the phone, whenever it fits into your calendar?",
        "Could I bring you one clear question in a call of 20 to 30 minutes, at a time of your choosing?",
        "Would you be willing to talk it through with me for 20 to 30 minutes, on a day that is good for you?",
        "If you can spare 20 to 30 minutes, which times would suit you in the coming weeks?",
    ),
    "advocate": (
        (
            "Could I have 20 to 30 minutes of your time, whenever your calendar allows, to tell you the short "
            "version and hear your view?"
        ),
        (
            "Would you have 20 to 30 minutes for a coffee, at a time that suits you, so that I can give you the "
            "short version?"
        ),
        (
            "May I ask for 20 to 30 minutes in the coming weeks, to show you one piece of work and hear what you "
            "think of it?"
        ),
        "Is there a slot of 20 to 30 minutes in your calendar in the coming weeks for a coffee and a short update?",
    ),
    "ally": (
        "What would be a good next step from your point of view, and shall we talk it over for 20 to 30 minutes?",
        "Could we sit together for 20 to 30 minutes, agree on one next step, and see who wants to do what?",
        "Would a short call suit you, so that we can agree on the next step and on what each of us needs from it?",
        "How do you see it, and what would make the next step worth your while?",
    ),
    "ally-met": (
        "May I invite you to a coffee some time, to look back on it and hear what you are up to next?",
        "Would you like to have a coffee on it with me, and tell me what you are after next?",
        "Is there something I can do for you in return?",
        "If there is ever something you would like a hand with, will you tell me?",
    ),
    "mentor-candidate": (
        (
            "Would you like to trade notes with me regularly, say over a coffee or a call every few weeks, on what "
            "we are each learning?"
        ),
        "Would you be up for an informal exchange every few weeks, in which each of us says what we are going through?",
        "Could you imagine meeting every few weeks, quite informally, as mentors for one another?",
        "How about a regular coffee or call, where we swap ideas and lessons and now and then a frustration?",
    ),
    "advisor-candidate": (
        (
            "Would you be willing to be an advisor to me: a call of 20 to 30 minutes a few times a year, prepared "
            "on my side?"
        ),
        "May I come to you for advice a few times a year, well prepared and for 20 to 30 minutes at a time?",
        "Could you imagine giving me your view on the larger questions now and then, in a call of 20 to 30 minutes?",
        "Would you have 20 to 30 minutes for a first conversation about your path and about mine?",
    ),
    "advocate-candidate": (
        "Would you have 20 to 30 minutes for a coffee, at a time that suits you?",
        "Could I have 20 to 30 minutes of your time in the coming weeks, whenever your calendar allows?",
        "May I ask for 20 to 30 minutes, to tell you the short version and hear how you see it?",
        "Is there a slot of 20 to 30 minutes for a first conversation in the coming weeks?",
    ),
    "ally-candidate": (
        "Could we talk for 20 to 30 minutes about what you want to get going, and where we might help one another?",
        "What is it that you most want to move forward right now, and shall we talk about it for 20 to 30 minutes?",
        "Would you sit down with me for 20 to 30 minutes, to see whether there is something we both want?",
        "Shall we have a coffee and find out what each of us would like to get going?",
    ),
}

NO: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "If you have too much on your plate right now, just say so and I'll try again later.",
        "No pressure if it's a bad moment; a line to say so is enough.",
        "And if now is not a good time, that's fine too: just tell me when to ask again.",
        "If it doesn't fit at the moment, no problem at all, we'll find another time.",
    ),
    "advisor": (
        "If it does not fit at the moment, a short no is perfectly fine, and I will understand.",
        "Should this be a busy time, please feel free to say no, or to name a better moment.",
        "And if you'd rather answer in a line or two by mail, or not now, that is just as welcome.",
        "I'd understand completely if you don't have the room for it right now; just let me know.",
    ),
    "advocate": (
        "If your calendar is too full, a short no is fine, and I can put it into a few lines by mail instead.",
        "I know how little room there may be, so please feel free to say no.",
        "If it does not fit, I'm happy to put it into a short mail instead.",
        "No answer needed if this is a bad time; I'll gladly come back to it later.",
    ),
    "ally": (
        "And if your priorities are different now, just say so: no hard feelings.",
        "If it no longer fits your plans, tell me openly, and we'll leave it there.",
        "If you'd rather not, that's fine, it is as much your call as mine.",
        "If this is the wrong moment for you, say so and we'll find another one.",
    ),
    "ally-met": (
        "And if you are already deep in the next thing, no need to answer.",
        "No need to reply to this if you are busy, I just wanted you to have it in writing.",
        "If you have no time for it now, the thanks stand all the same.",
        "And if a coffee doesn't fit right now, that's fine too.",
    ),
}

WARMTH: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "Most of all I'd like to hear how you are.",
        "I'm looking forward to hearing your side of things.",
        "I always enjoy hearing how you look at things.",
        "It would be good to hear your voice.",
    ),
    "advisor": (
        "I'll come prepared and keep to the time.",
        "I would prepare well, so that it does not cost you more than that.",
        "I hope that all is well with you.",
        "Whatever you decide, I'm grateful for your thoughts.",
    ),
    "advocate": (
        "I'll come prepared and keep it short.",
        "I will keep to the time and to the point.",
        "There is nothing you would need to prepare.",
        "It needs nothing from you but the time.",
    ),
    "ally": (
        "I'm happy to take the first bit of work on my side.",
        "I'll gladly do my share, so tell me where it would help you most.",
        "Tell me also what you would need from me.",
        "I'd like it to be worth it for both of us.",
    ),
    "ally-met": (
        "I'd gladly do something like that with you again.",
        "It made my work a good deal easier, and more fun.",
        "I hope that it brought you what you wanted from it.",
        "If you ever need somebody to say how well you work together with others, ask me.",
    ),
}

CLOSINGS: Final = ("Best,", "All the best,", "Best wishes,")

SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "mentor": ("Time to catch up?", "A coffee soon?", "Swapping notes again", "How are things with you?"),
    "advisor": (
        "A question for you",
        "May I ask for your advice?",
        "Your view from outside",
        "Asking for your perspective",
    ),
    "advocate": (
        "A short update from me",
        "A brief update, and a question",
        "20 minutes for an update?",
        "Where my work stands",
    ),
    "ally": ("Our next step", "Where do we stand?", "Moving our goal along", "Next step for us both?"),
    "ally-met": ("Thank you", "We did it, thank you", "Before we move on: thank you", "A proper thank you"),
    "mentor-candidate": (
        "A question for you",
        "An idea for the two of us",
        "Trading notes now and then?",
        "Something I'd like to ask",
    ),
    "advisor-candidate": (
        "A direct question",
        "May I ask for your advice now and then?",
        "Asking you directly",
        "A question about paths",
    ),
    "advocate-candidate": (
        "A short introduction to my work",
        "May I ask for 20 minutes?",
        "A coffee and a short update?",
        "What I work on",
    ),
    "ally-candidate": (
        "Something we might both want",
        "A common goal?",
        "An idea for the two of us",
        "Could we help one another?",
    ),
}
TOPIC_SUBJECTS: Final = ("After {topic}: time to talk?", "{topic}, and what came after", "Following on from {topic}")
