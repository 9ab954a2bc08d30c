"""English: see `everyday.py` for what is in and what is left out on purpose."""

from __future__ import annotations

FUNCTION = """
a an the i me my mine myself you your yours yourself yourselves he him his she her hers it its itself we us our ours
ourselves they them their theirs one ones oneself each other another someone somebody anyone anybody everyone everybody
something anything everything nothing nobody none this that these those here there where when why how what who whom
whose
which whichever whatever whenever wherever however whether if unless until while because since as so than then though
although but and or nor yet for from of to in into onto on at by with within without about above across after against
along among around before behind below beneath beside besides between beyond despite during except inside near off out
outside over past per through throughout till towards toward under up upon via down away back apart aside ahead
am is are was were be been being isn't aren't wasn't weren't do does did doing don't doesn't didn't have has had having
haven't hasn't hadn't will would won't wouldn't can could can't cannot couldn't may might must mustn't shall should
shouldn't ought need needn't dare let let's lets not no yes i'm i've i'd i'll you're you've you'd you'll we're we've
we'd
we'll they're they've they'd they'll he's she's it's it'd it'll that's that'd that'll there's there'd here's what's
who's
who'd how's where's when's why's s t d ll re ve m o'clock
also too very quite rather really just only even still already again once ever never always often sometimes seldom
rarely
usually mostly mainly perhaps maybe possibly probably likely surely certainly indeed actually simply plainly merely
almost nearly hardly barely enough else instead otherwise therefore thus hence meanwhile moreover furthermore
all any both either neither every few fewer less least more most many much several some such same own other others lot
lots plenty bit little couple pair half whole part rest first second last next former latter only alone together
etc eg ie vs ok okay hi hello hey dear good morning afternoon evening please thanks thank cheers sorry welcome
now nowadays lately recently soon later sooner earlier early late long longer short shorter ago today meanwhile
currently presently eventually finally afterwards beforehand anymore anyway anyhow anywhere somewhere everywhere
elsewhere
nowhere somehow somewhat better best worse worst well further farther furthest far close closer closely
like unlike upon whoever thing things stuff way ways kind kinds sort sorts
"""

NOUNS = """
advice adviser advisor answer aim angle approach area aspect agenda availability
balance beginning bit brain calendar call career catch-up chance change chat chapter choice circle clarity coffee
comment company conversation corner coming context complaint date instruction convenience curiosity couple
day days decision desk detail difference difficulty direction discussion doubt
effort email e-mail end energy evening example exchange experience explanation eye
fact favour favor feedback feeling focus form frustration fun future
gap gist goal gratitude ground guess guidance
habit hand half head heart help hint hope hour
idea impact impression input insight instinct interest introduction invitation issue
job journey joy judgement judgment justice
knowledge lesson level life line list look lot luck lunch
mail manner matter meaning meeting memory message middle mind minute moment month mood motive motivation move
name need news note number
occasion offer opinion opportunity option order outlook outside overview
pace page part partner path patience pattern people person perspective phone picture piece place plan plate pleasure
point
position possibility practice preference preparation pressure priority problem process progress purpose
question quarter range reaction reading reason reflection regard relationship reminder reply request response rest
result
road role roster room round rope rush
schedule sense sentence share side sight signal silence situation skill slot space spirit spot stage stake stakeholder
stand start state step story strength strategy strand stuff subject suggestion summary support surprise swap
talk task team term thank thinking thing thought thread time tip topic touch track truth turn
understanding update use value version view viewpoint visibility voice
way week whole wish wonder word work world worth year
agreement alignment ally advocate mentor mentoring mentorship sponsor peer colleague friend
challenge collaboration commitment contribution credit growth influence learning leadership
networking politics recommendation reputation responsibility scope success weakness win workplace
afternoon morning weekday lunchtime noon
arrangement attention background basis behaviour behavior benefit bandwidth boundary breath chapter check clue coach
concern confidence courage criticism deal delay distance draft ear edge ending excuse expectation expertise
fit flexibility fork hat honesty hurdle hurry instance intention intro item kindness lens luxury mess milestone mistake
nudge obligation obstacle openness pause perk pick pitfall pointer pull push puzzle rhythm risk rule scheduling
setting shape shift sounding-board spark speed stone stretch string struggle style tea tension theme tone tool trade-off
transition trust uncertainty vision walk wisdom wording worry zone
"""

VERBS = """
accept accommodate add address adjust admit advise affect agree aim align allow answer apologise apologize appreciate
approach arrange ask assume avoid
be become begin believe benefit block borrow bother bounce brainstorm bring build
call care carry catch change chat check choose clarify come compare complain connect consider contact continue cost
count
cover dare deal decide decline depend describe deserve develop dig disagree discover discuss do drop
email enable encourage end enjoy exchange expect explain explore express
face feel figure fill find fit focus follow force forget forgive frame
gain gather get give go grab grow guess guide
hang happen have hear help hesitate hold honour honor hope
ignore imagine improve include inform inspire intend introduce invite involve
join judge keep know lack last lead lean learn leave lend let lie like listen live look lose love
make manage map matter mean meet mention mind miss move
name navigate need note notice nudge offer open organise organize owe own
pass pause phone pick ping place plan play point ponder position postpone prefer prepare present prioritise prioritize
pull push put raise reach react read realise realize recall receive recharge recommend reconnect reconsider reflect
refuse
regret rely remain remember remind reply request require reschedule resolve respect respond return revisit ring run rush
save say schedule see seek seem send sense set settle shape share shift show sit skip slip slow solve sort sound spare
speak
spend spot stand start stay step stick stop stretch structure struggle stumble suggest suit sum support suppose swap
take talk teach tell tend thank think touch trade treat trouble trust try turn
understand update use value wait walk want waste watch weigh welcome wish wonder work worry write
act aspire balance bear blame bump challenge coach commit concern convince criticise criticize cultivate delay distract
dive ease emerge ensure evaluate expand fix formulate fulfil fulfill head influence interrupt land lift link
mull navigate negotiate nurture occur pencil pop prompt propose prove question rearrange reassure
rethink reopen review rest sharpen shed shine simplify sketch squeeze steer strike tackle tap test thrive tie tweak
underestimate verify view voice wander
"""

DOUBLED = (
    "get put set sit run let chat plan stop begin forget slip swap cut step grab map drop skip nudge tip "
    "spot sum pop regret fit dig bump tap commit shed"
)

PAST = """
wrote written talked spoke spoken met asked told said thought wanted hoped meant appreciated enjoyed valued helped
shared
discussed exchanged mentioned suggested recommended advised encouraged reminded wondered felt seemed kept thanked caught
stuck remembered forgotten forgot known knew seen saw heard looked liked loved found been gone
answered replied corresponded touched connected reconnected crossed chatted emailed called phoned
considered planned prepared needed used based interested excited curious supposed expected invited concerned
given gave gotten got taken took made come came brought kept held set put let run read
noted listed counted marked related shaped pointed raised covered described explained
learned learnt reflected pondered imagined understood decided waited owed missed stayed passed
goes busied packed swamped tied pressed stretched overloaded pushed pulled
intended tend
"""

ADJECTIVES = """
able afraid alike alive amazing annoying anxious appreciative appropriate available aware awkward bad basic big bigger
biggest brave brief briefly broad broader broadly busy busier calm candid candidly careful carefully casual casually
central
certain cheap clear clearer clearly clever comfortable common complex complete completely concrete confident constant
convenient cool correct crazy critical crucial curious current daily dear decent deep deeper deeply delighted different
difficult direct directly distinct due easy easier easiest easily eager effective enjoyable entire entirely equal
equally essential exact exactly excellent exciting extra extremely fair fairly familiar fantastic fast feasible final
fine
flexible fond forward frank frankly free freely frequent frequently fresh friendly full fully funny general generally
generous generously gentle genuine genuinely glad gladly grateful great greater greatest greatly happy happier happily
formal hard
harder hectic helpful hesitant high higher highly honest honestly honoured honored huge human hungry ideal ideally
immediate immediately important impossible impressed incredible incredibly individual informal informally informed
insightful inspiring instant intense interested interesting invaluable keen key kind kindly large larger largely lasting
light lighter limited logical loud lovely low lower lucky main major manageable meaningful mid minor modest mutual
natural naturally narrow necessary neutral new nice nicely normal normally obvious obviously occasional occasionally odd
open openly opposite ordinary overdue overwhelmed own particular particularly patient perfect perfectly personal
personally pleased pleasant polite poor positive possible potential practical precious precise precisely present pretty
previous previously private privately productive professional professionally proper properly proud quick quicker quickly
quiet quietly random rare ready real realistic reasonable recent regular regularly related relaxed relevant reluctant
remote respectful responsible right rough roughly safe satisfied selfish senior sensible separate serious seriously
sharp silly similar simple simpler simply sincere sincerely single slight slightly slow slowly small smaller smallest
smart
smooth smoothly social soft solid special specific specifically spontaneous stable standing steady straight
straightforward
strange strategic strong stronger stuck sudden suitable super sure surprised tactical technical thankful
thorough thoughtful tidy tight tiny tired top total totally tough tricky true truly typical unable understandable
unexpected unfair unsure unusual upcoming upfront urgent useful usual vague valuable various vast virtual visible warm
warmly
weekly welcome weird wide wider willing wise wonderful wondering worth worthwhile worthy wrong young
bi-weekly biweekly fortnightly monthly quarterly yearly annual two-way one-to-one in-person face-to-face low-key
open-ended
half-hour well-timed long-term short-term day-to-day big-picture no-brainer thought-provoking down-to-earth
"""

OTHER = """
congratulations congrats differently board chew guide guided momentum sync hit smile synced approached shaped stays
sticks nowhere obliged obligation sometime sometimes course fancy hop grab shifted convenient suits afresh alas
absolutely altogether aloud approximately apparently basically bye ciao definitely especially essentially
essentially evidently fortunately unfortunately hopefully instantly literally namely notably occasionally overall purely
regardless respectively solely strictly suddenly thankfully ultimately virtually whatsoever whereas whereby wholly
yours sincerely regards wishes xo hugs  folks everyone
coffee coffees tea zoom video online onsite offline phone screen-share walk lunch
ear's mind's today's week's year's months weeks years days hours minutes moment's
up-to-date so-so thank-you check-in check-ins catch-ups sounding-boards
side-by-side back-and-forth heads-up
"""

BRIEF = """
led worked went done finished annoyed annoys changed solved salary complaints complain instructions granted instruct
front close
happened proved missing win wins strengths grumble promotion interview salary raise reputation boss above closed
archive thanks-to
"""

NOUNS_MORE = """
case crossroads counsel remark reservation standpoint stride toe twist urge verdict dilemma dot essence excitement
extent fence finger footing gear handful
headspace inkling itch juncture ladder landscape lane leap length liberty limit loop margin mindset mountain nerve
niche notch nutshell odds outlook pathway
phase playbook preference principle pro con push radar rapport realm sake scale scenario seat shortcut shot sleeve
source speech starting-point steer substance
suspicion takeaway tendency tie timing timeline trail trait trap trick type upside vein verge viewpoint wave
wavelength weather window wit yes perhaps query prospect
route shoulder slice snippet soul spell stance stepping-stone surface temptation thick thin toss urgency whim
yardstick appetite ambition aspiration assumption
attitude blind-spot bridge bubble calm comparison compass consequence consideration contrast cornerstone craft
crossroad decade-free default degree depth dialogue
discipline discovery dream echo effect emphasis enthusiasm entrance evidence exit expression factor faith fashion feat
flavour flow format foundation framework
freedom frequency friction gesture glance glimpse grain guideline highlight horizon humour identity illusion
imagination implication incentive inclination
indication ingredient initiative inquiry inspiration interaction interpretation intuition knack leap-of-faith leverage
light logic loss measure mechanism medium
mention merit method mission mixture moral morale myth narrative nature necessity norm nuance odds-and-ends ordeal
origin outcome pain parallel paragraph passion
passage peace piece-of-mind pillar pitch plot portion posture praise precision predicament presence pretext pride
proof proportion quest quirk rationale realisation
realization recipe recollection refinement relation relief reluctance remedy reputation resolve resource response
rhythm riddle root routine row saying school-of-thought
scratch section selection self sensation sentiment sequence shadow shade shelf shorthand significance silver-lining
skeleton skill-set sketch slack solution span speciality
spectrum stamina standard starter statement stepping stock strand strategy stress substitute symptom sympathy talent
target taste temper tempo theory thrill timeframe tone-of-voice
torch trace treat trial tribute truth-be-told turning-point uncertainties undertaking validation variety virtue warmth
weight whirlwind willingness wonder-if yearning
"""

VERBS_MORE = """
adapt afford aid allude amount anticipate attempt await boost brace bridge calibrate cheer circle clear collect
comment compose confess confirm confuse contemplate contribute
converse correct correspond crave defer delve devote differ digest dwell elaborate embrace engage enlighten entertain
envision err evolve examine exist explain-away favour
flag forge foster grapple grasp greet ground hash highlight hone illustrate inquire interpret lighten linger loosen
maintain marvel master mend mirror mull nail neglect
object oblige observe overcome overlook overthink pave persist persuade plunge pose probe proceed process puzzle
ramble reassess redirect refine refresh regain relate relax relish
remark repay resist resonate resume retain reveal revise seize serve slot smooth soak speculate spell spin stall
stimulate strengthen strive summarise summarize surface sway
sympathise sympathize tailor tease throw toss tread trim tune unpack untangle venture wade widen wrap wrestle yearn
wish-for differentiate double-check follow-up
"""

PAST_MORE = """
realised realized resonated remained lingered revisited treasured cherished dawned struck inspired sparked broadened
clarified surprised impressed intrigued touched moved-by
grown looked-forward begun started-to guessed feared reckoned trusted cared counted-on leaned listened noticed
responded returned-to rung sensed sounded spotted supported taught
trying thinking hoping wondering stopped-by dropped-a turned-over weighed wished worried
"""

ADJECTIVES_MORE = """
mindful conscious attentive considerate earnest humble heartfelt leisurely mere neat nimble nuanced objective peaceful
plausible poised prompt prudent relieved rewarding rusty
scattered seasoned sceptical skeptical spare steep stimulating subtle superb sweet tactful tempting tentative timely
transparent tremendous unclear undecided uneasy
unhurried unsettled uplifting upbeat vivid wary wholehearted absent-minded adventurous amused apparent articulate
assertive astute balanced blunt bold brilliant bright chatty
civil collaborative compelling conventional creative decisive dedicated deliberate demanding devoted doubtful driven
durable dynamic effortless elaborate elegant emotional empty
energetic engaging enthusiastic established ethical evident exceptional excessive experienced explicit external
fascinating favourite favorite fertile fierce firm fitting fluent forthcoming
fruitful fundamental gradual handy harmless healthy-ish impartial inclined independent indirect inevitable inherent
initial inner intentional internal intriguing intuitive
joint lengthy liberating likely literal lively loyal magical manifold mature measured memorable messy mild mixed
motivated motivating neglected notable numerous obliged observant
optional outer outgoing outstanding overall parallel passionate persistent perspective-giving pivotal playful pointed
pragmatic preferable preliminary prepared pressing principal
profound promising proven puzzled puzzling qualified rational realistic reassuring receptive recurring reflective
refreshing reliable remarkable repeated resourceful respected
responsive restless rhetorical rigid robust routine rushed sane secondary secure selective self-aware sensitive
settled shallow shared short-lived sizeable slack sober
sophisticated sound spontaneous strict striking structured stubborn substantial supportive supposed sustainable swift
sympathetic systematic tangible thorny thought-out tireless
trivial troubled trusted trustworthy ultimate unanswered uncertain uncomfortable unclear underlying understated
unexplored unforced uninvited unique unknown unlikely
unnecessary unspoken untidy usable valid varied versatile viable visible vital vocal well-placed well-rounded welcome
whole wide-ranging wordy workable
"""
