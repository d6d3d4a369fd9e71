# Everything that a grid worker reads. Chinese comes first, in zh-CN.ftl; both have the same names (a test looks).

## App and frame
app-name = Qiaomen
language-name = English
frame-back = Back
frame-search = Search
frame-rooms = Main menu
frame-skip = Skip to content
frame-locked = Locked. What you are writing is still here: save it as usual, and it is kept once you give the PIN.
room-today = Today
room-grid = Grid
room-tickets = Matters
room-outbox = Unsent
room-me = Me
save = Save
show = Show
show-all = Show all
hide = Hide
masked = Hidden until you touch “Show”
stairwell = { $building } { $unit }

## Before the device is open
gate-welcome = The grid worker's book
gate-locked = Locked
gate-begin = Begin
gate-enrol = Enrol this phone
gate-enrolling = The code is on its way to the office; please wait.
gate-look-again = Look again
gate-code-again = The PIN is set; the office's code is still missing
gate-scan = Take a picture of the QR code
gate-scan-how = Of the code on the office's screen or on the slip. The picture is only read, and not kept.
gate-scan-go = Read the code
gate-no-code = No QR code could be read in this picture. Go closer, hold straight, avoid reflections, and take another; or paste the code below.
gate-other-code = This QR code is not the office's. Take a picture of the one that the office opened for you under “people and devices”.
gate-link-there = The code is filled in.
gate-link = The code from the office
gate-link-how = The office makes it under “People and devices”. Scan or copy it, and paste it here.
gate-by-hand = No picture code? Type it
gate-server = Address of the office
gate-code = One-time code
gate-code-there = The code is kept; the office's address is still missing.
gate-server-how = The staff of the office know it; it also stands on the page on which the code was made, under “People and devices”.
gate-new-pin = Choose a PIN
gate-pin-again = Once more
gate-pin-how = At least 6 digits. If it is forgotten nobody can open the phone; unsent work can still be read by the office.
gate-pins-differ = The two PINs differ; nothing was begun. Please try again.
gate-bad-link = This does not look like the office's code. Copy all of it from “qiaomen://” on, or give the code alone (it looks like 7F3K-9QXM-2B4C).
gate-pin = PIN
gate-unlock = Unlock
gate-waiting = What you just did is kept; it goes on after you unlock.
gate-forgotten = If you forgot the PIN, take the phone to the office; unsent work can be read there.
gate-stranger-title = Please open it from the app
gate-stranger = This address only answers pages opened from the app. Close this page and open it again from the app. Nothing was touched.
gate-wiped = The office took this phone's access back. Unsent work is at the office; the data on the phone was removed.

## What stands where a name is not known
in-place-unnamed = (no name written down)
in-place-refused = (would not say a name)
in-place-unknown = (name not known)
in-place-cleared = (name taken back)
in-place-locked = (name not visible here)
in-place-no-words = (nothing was written)
in-place-office = the office
in-place-not-here = (not on this phone: { $end })
in-place-no-building = (unknown building) { $rest }
in-place-staff = { $post } { $end }
in-place-post = staff

## What is not done
refused-title = Not done
asked-title = Not noted yet: one question
refused-no-page = There is no such page. It may have left your grid.
refused-old-form = This page is too old, or the app was opened again; nothing was done twice. See whether it is there already; if not, do it once more.
refused-typed = What you typed
refused-typed-how = Press and hold to copy it.
refused-back = Back
refused-home = To Today
missing-note = Nothing was written yet.
missing-people = Please write the number of people in digits.
missing-value = Nothing was filled in. If they would not say or do not know, touch the buttons below.
missing-outcome = Please choose how it ended.
missing-round = Please choose how it ended: all clear, or something found.
missing-opinion = Please ask whether they are content, then choose.
missing-name = Please write the name, or choose “Would not say”.
missing-day = Please choose the day.
missing-kind = Please choose how it is held: owned, let, lent or for business.
missing-door = Please choose the door first.
missing-building = Please choose the building.
missing-room = Please write the room.
missing-category = Please choose a category first.
missing-text = Please write what it is about.
missing-words = This step needs a few words, so that others know what happened.

## Doors at a glance
glance-met = Met
glance-not-home = Not home
glance-declined = Would not talk
glance-refuses = Refuses
glance-never = Never visited
mark-matters = { $n ->
    [one] 1 matter
   *[other] { $n } matters
    }
mark-conflict = In conflict
mark-unsent = Unsent
mark-care = Care visit due
due-late = { $n ->
    [one] 1 day late
   *[other] { $n } days late
 }
due-today = Due today
due-in = { $n ->
    [one] Due tomorrow
   *[other] Due in { $n } days
 }

## Today
today-title = Today
today-visits = { $n ->
    [one] visit
   *[other] visits
 }
today-met = met
today-calls = { $n ->
    [one] call
   *[other] calls
 }
today-matters = { $n ->
    [one] step
   *[other] steps
 }
today-diary = Diary
today-overdue = Overdue matters
today-returned = Back from the office
today-decided = Decided
today-walk = Knock again
today-tries = { $n ->
    [one] once nobody home
   *[other] { $n } times nobody home
 }
today-more-doors = { $n ->
    [one] 1 more door
   *[other] { $n } more doors
 }
today-more-matters = { $n ->
    [one] 1 more matter
   *[other] { $n } more matters
 }
today-care = Look in again
today-care-how = Only how long nobody was seen; why somebody needs care is shown at the door, when touched.
care-every = { $n ->
    [one] Care visit every day
   *[other] Care visit every { $n } days
 }
care-seen = { $n ->
    [0] somebody was seen today
    [1] somebody was seen yesterday
   *[other] somebody was seen { $n } days ago
 }
care-never = nobody was ever seen
tag-until = until { $day }
tag-expired = over (until { $day })
today-due = Due soon
today-birthdays = Birthdays
today-nothing = Nothing is due today.
today-never = Never visited yet

## My grid
grid-title = My grid
grid-filters = Only
grid-more = { $n ->
    [one] 1 more door: please look by building, or search.
   *[other] { $n } more doors: please look by building, or search.
 }
grid-doors = { $n ->
    [one] 1 door
   *[other] { $n } doors
 }
grid-visited = { $n } visited
grid-floor = Floor { $n }
grid-no-floor = Other
grid-none-such = There is no such door.
grid-empty = No doors here yet. Please sync once.
filter-all = All
filter-care = Care visit due
filter-not-home = Not home
filter-never = Never visited
filter-matters = With matters
filter-refused = Refuse
filter-empty = Nobody registered
filter-conflicts = In conflict
filter-unsent = Unsent
search-go = Go
search-how = Name, initials, 3-2-502, last digits
search-examples = A name, its pinyin initials (zs finds 张三), an address (3-2-502), the last four digits, or a word of a matter.
search-none = Nothing was found for “{ $q }”. Try another spelling, or sync once.
search-more = { $n } more; type a little more.

## One door
deed-met = Met
deed-not-home = Nobody home
deed-declined = Would not talk
deed-call = Call
deed-ticket = New matter
deed-resident = New resident
deed-words = With words
deed-out = Moved out
door-refuses = The whole door refuses (noted by { $who }, { $when }). Do not knock to ask.
door-add-words = Add a word?
door-people = Who lives here
door-nobody = Nobody is registered yet.
door-gone = { $n } moved out
door-gone-on = moved out on { $day }
door-matters = Open matters
door-about = About the door
door-visits = Visits
door-no-visits = Nobody has been here yet.
door-more-visits = { $n } earlier
door-notes = Notes
door-note = Write a note
door-more = Note, refusal of the whole door
door-refuse = The whole door refuses
door-refuse-how = This door does not want to give data. Once noted, nobody asks again.
door-refuse-people = How many live here (if they say so)
door-withdraw = They agree again
door-withdraw-how = This door has changed its mind.
door-refuses-people = { $n ->
    [one] They said that 1 person lives here.
   *[other] They said that { $n } people live here.
    }
door-not-vacant = The door is noted as empty, and somebody lives here.
door-not-vacant-do = Say how it is lived in
door-count-stays = Everybody who was written down has left, and the number who live here still says { $n }.
door-count-stays-do = Correct the number
occupancy-who = Household
occupancy-now = Who holds the door now
occupancy-none = No household is registered now.
occupancy-none-short = Not registered
occupancy-head = head { $name }
occupancy-no-head = Not yet
occupancy-since = since { $day }
occupancy-until = until { $day }
occupancy-span = { $since } to { $until }
occupancy-before = { $n } before
occupancy-left-on = When did they leave
occupancy-close = This household has left
occupancy-with = Who leaves with it
occupancy-sure = { $names }: all { $n } of them moved out on { $day }? If so, touch “This household has left” once more; if not, change the ticks.
name-between = ,{ " " }
left-before-coming = { $name } came on { $since }, after the day of leaving. Please check it once more, or untick.
occupancy-close-how = Whoever is ticked is noted as moved out on the same day. Whoever stays is not touched.
occupancy-vacant = Empty: nobody lives here
occupancy-open = A household moves in
occupancy-open-do = Register the household
deed-move = Moves
move-title = { $name } moves
move-from = Lives at { $place } now
move-lived = Lived at { $place } before
move-back-here = Lives here again
move-here-already = This is where they live now. For another place, write the new address.
move-where = To which door
move-where-how = Where to: 3-2-502
move-how = Find the new door by its address and touch it. Only doors of this grid; for any other place note “Moved out”.
move-none = There is no door “{ $q }” in this grid. Try another spelling; if there is none, register it first; for another grid, note “Moved out”.
move-sure = { $name } moves to { $place }
move-on = When did they move
move-other = Another door
move-back = Lives here again
move-away = Has left the grid
move-instead = Moved to another door of this grid
new-door = A door not in the list
new-door-how = A room that was divided, a shop below: what is not in the list is registered here. One that somebody registered already just opens.
new-door-building = Which building
new-door-unit = Unit (leave empty if there is none)
new-door-unit-how = 1单元
new-door-room = Room
new-door-room-how = 502
new-door-do = Register the door
phrase-1 = All is well
phrase-2 = Spoke about fraud
phrase-3 = Spoke about safety
phrase-4 = The elderly are well
phrase-5 = Took down what was said
phrase-6 = Will come again as agreed
phrase-between = ;{ " " }
visit-title = Visit { $place }
visit-phrases = Phrases, one touch each
visit-note = In your own words (or nothing)
visit-how = Touch how it ended to save:
call-title = Call { $place }
call-how = After the call, touch how it ended:
call-answered = Answered
call-no-answer = No answer
call-dial = Dial
call-no-number = No number is registered at this door.

## Answers
categories-other = Others, separated by commas
consent-yes = Agrees
consent-no = Does not agree
identity-odd = The check digit does not fit; please look at the card again
answer-value = As filled
answer-refused = Would not say
answered-both = Something is written in “{ $field }”, and would not say or does not know was chosen. To keep what is written choose “As filled”; otherwise delete it.
answer-unknown = Does not know
answer-was-refused = Last time they would not say. Do not ask again unless they bring it up.
answer-changed = They brought it up: change it
said-refused = Would not say
said-unknown = Does not know
said-cleared = Taken back
said-locked = Not visible here
said-not-asked = Not asked
purpose-ask = Why it is asked, who sees it, how long it is kept
purpose-title = Say this first
purpose-what-for = What for
purpose-who-sees = Who sees it
purpose-masked = Hidden on the screen until touched; every look is written down.
purpose-how-long = How long
purpose-free = Nobody has to say it, and nothing depends on it.
why-name = To know how to address people and not to write them down twice.
why-identity = To check who somebody is when they apply for an allowance or a pension.
why-birth = To plan services for the old and for small children.
why-sex = To plan services that differ for men and women, such as check-ups.
why-phone = To reach people when water or power fails, and in an emergency.
why-relation = To reach the family in an emergency.
why-since = To count who lives here for good and who has come for a while.
why-residency = To tell who lives here from who is only registered here.
why-categories = So that nobody who needs care is missed; only with their own or their family's consent.
why-employer = To reach party members at work, and their employers.
why-languages = To be able to talk at the door.
why-consent = Sensitive things are written down with consent only.
why-use = To know whether anybody lives here, and whether to knock.
why-people-count = To know how many are inside in an emergency.
readers-grid = Leader, assistants, workers and building heads of this grid; staff of the office; supervisors.
readers-matter = Leader, assistants, workers and building heads of this grid; whoever reported it; coordinators of the department that it is handed to; staff of the office; supervisors.
readers-diary = Whoever wrote it; leader, assistants, workers and building heads of this grid; staff of the office; supervisors.
retention-book = The office keeps it, and what stood there before; the program deletes nothing by itself. Phones of this grid drop what no longer belongs to the grid.
retention-matter = The office keeps it, also when the matter is closed; the program deletes nothing by itself.
retention-diary = The office keeps it; the program deletes nothing by itself.
person-later = More, for those who want to say it
person-new-how = The least first; the rest can wait.
person-open = Everything
written-already = “{ $what } · { $ended }” was noted at this door at { $when } already. If you only touched once too often, or went back and touched again, there is nothing more to note.
written-enough = Noted already: back to the door
written-only-words = Only add these words
written-another-visit = I went there again: note another
written-another-call = I called again: note another
namesake-here = “{ $name }” lives at this door already. See whether it is the same person, so that nobody is written down twice. What you wrote is still below; if it is the same person, write what is new on their page: what is written here is not kept.
namesake-same = It is this person: show the page
namesake-another = It is somebody else: register
out-how = Does { $name } no longer live here?
out-on = When did they move
field-name = Name
field-identity = Identity number
field-birth = Born on
field-sex = Sex
field-phone = Phone
field-relation = Relation to the head
field-since = Lives here since
field-kind = How it is held
field-head = Head
field-residency = Registration
field-categories = Categories
field-employer = Employer
field-languages = Languages
field-consent = Consent
field-use = How it is lived in
field-people-count = How many live here
kind-visit = Visit
kind-call = Call
kind-patrol = Patrol
outcome-met = met
outcome-call-met = answered
outcome-call-not-home = no answer
outcome-not-home = nobody home
outcome-refused = would not talk
outcome-clear = nothing unusual
outcome-found = something found

## Matters
heap-which = Which
heap-mine = Mine to do
heap-open = Open
heap-overdue = Overdue
heap-over = Over
heap-empty = No matters here.
heap-more = { $n } more: please search.
ticket-new = New matter
ticket-what = What is it about?
ticket-anywhere = Not of one door: of a building or the street
ticket-no-categories = The office has no categories yet. Please sync once.
ticket-building = Which building
ticket-no-building = Of no building
ticket-size = How large
ticket-small = Small
ticket-small-how = can be done today
ticket-large = Large
ticket-large-how = for the joint meeting
ticket-text = What it is, and where
ticket-reporter = Who told it (they hear the result)
ticket-report = Report
ticket-alike = Is it one of these?
ticket-alike-how = Similar matters nearby are open. If it is the same one, open it and add to it.
ticket-twin = The same was reported a moment ago: { $place }, “{ $text }”. If you only went back and touched again, there is nothing more to report.
ticket-twin-same = Reported already: show that one
ticket-twin-another = It is another one: report it
file-chosen = % chosen
photo-take = Take or choose photos
photo-how = Several are fine. They are made small, lose the place where they were taken, and rest encrypted on the phone; text goes first, photos after it.
photo-title = Photos
photo-more = Add photos
photo-add = Keep the photos
photo-when = When taken
photo-before = Before the work
photo-after = After the work
photo-other = Other
photo-unsent = Not at the office yet
photo-sending = Going, { $percent }%
photo-sent = At the office
photo-elsewhere = Not on this phone
photo-missing = No photo was chosen. Take or choose one, then keep it.
photo-choose-again = What you wrote is still here; please choose the photos once more.
photo-too-many = { $most } at a time at most. Keep them in several goes.
photo-to-go = Photos not there yet
photo-to-go-how = Text goes first. Photos go on when there is a signal, from where they broke off.
photo-to-go-line = { $count }, { $percent }% there
ticket-title = Matter
ticket-place = Where
ticket-who = Told by
ticket-opinion = Opinion
ticket-next = Next
ticket-nothing-next = There is nothing for you to do now; the office has it.
ticket-rare = Other steps
ticket-timeline = What happened
ticket-to = Given to { $party }
ticket-until = By { $day }
ticket-add-note = Write a note
ticket-not-now = This step is not possible now; somebody may have done it. See what happened.
step-report = Report
step-accept = Accept
step-assign = Assign
step-start = Start
step-extend = Extend
step-feedback = Tell the resident
step-check = Checked
step-close = Close
step-rate = Opinion
step-send-back = Send back
step-reopen = Reopen
step-escalate = To the joint meeting
step-close-on-spot = Done on the spot
step-void = Void
step-duplicate = A duplicate
step-supplement = Add something
step-party = To whom
step-due = By which day
step-other = Of which matter
step-told = What the resident was told
step-words = A few words
opinion-good = Satisfied
opinion-fair = Fairly satisfied
opinion-bad = Not satisfied

## Not at the office yet
outbox-all-there = All of it is at the office; both sides agree.
outbox-empty = Nothing is left to send. Both sides have not compared yet: please sync.
outbox-held = Not taken by the office
outbox-waiting = Waiting to be sent
outbox-told = { $about }: { $what }
outbox-why = Why:{ " " }
outbox-what-to-do = What to do:{ " " }
outbox-open = Open it
outbox-discard = Seen: put away
outbox-send = Sync
outbox-by-hand = No network? Carry a file
outbox-by-hand-how = Save what is unsent as a file and take it to the office. It is sealed; only the office can open it.
outbox-not-in-file = Photos and looks are not in this file: they stay on the phone and go by themselves when there is signal. Do not empty the phone before that.
outbox-nothing-to-carry = There is nothing to carry: no registration, visit or matter waits to be sent.
outbox-save-file = Save the file
outbox-file-name = not-at-the-office-{ $day }.qmr
outbox-no-file = The file could not be read. See whether there is space left, and try again.
outbox-looks = { $n ->
    [one] 1 look not at the office yet
   *[other] { $n } looks not at the office yet
 }
outbox-looks-how = What you touched “Show” for stands in the office’s audit: whose, which fields, when; never what was seen. It goes with the next sync.
state-pending = To be sent
state-waiting = Waiting for another
state-rejected = Refused
state-quarantined = Kept for review
receipt-title = Receipt
receipt-holds = The office has it, and signed.
receipt-what = This is the office's signature. Whoever has its public key can check it, without this phone or the office.
receipt-command = Number
receipt-number = Delivery
receipt-check = Check
receipt-signature = Signature
receipt-none = No receipt yet: the office has not confirmed it. It is sent again when there is a network.
receipt-broken = The receipt does not fit the office's key. Please call the office.

## Sync
strip-first = First sync { $done } / { $total }
strip-running = Syncing…
strip-waits = Waiting for the office, { $n } s so far
strip-held = { $n } not taken by the office
strip-offline = No connection; go on working
strip-offline-unsent = No signal; { $n } kept on the phone
strip-unsent = { $n } not at the office yet
strip-photos = { $n ->
    [one] 1 photo not at the office yet
   *[other] { $n } photos not at the office yet
 }
strip-photos-running = Sending photos, { $percent }%
strip-looks = { $n ->
    [one] 1 look not at the office yet
   *[other] { $n } looks not at the office yet
 }
strip-complete = All is at the office
strip-idle = Not compared yet
sync-title = Sync
sync-asked = Sync begins.
sync-now = Sync now
sync-running = Syncing; go on working.
sync-first = Progress of the first sync
sync-first-how = First sync: { $done } of { $total }. What has come can be used at once.
sync-waits = Waiting for the office to answer, { $n } s so far.
sync-waits-how = The signal may be weak, or the office's computer busy. It gives up by itself and tries again later; go on working.
sync-to-send = { $n } to send.
sync-nothing-to-send = Nothing to send; looking for what is new at the office.
sync-fetched = { $n } fetched.
sync-again = It is tried again by itself.
sync-photos-how = Photos { $done } / { $total } KB
sync-complete = All is at the office
sync-complete-how = The office signed for it, and both sides agree.
sync-not-complete = Not everything is there yet
sync-not-complete-how = It syncs by itself when there is a network.
sync-last = Last contact { $when }
sync-last-contact = Last contact
sync-pending = Unsent
sync-looks = Looks unsent
sync-held = Not taken
sync-doors = Doors here
sync-residents = People here
sync-tickets = Open matters
sync-digests = Digests
sync-digests-how = If both are the same, phone and office have the same.
sync-here = Here
sync-there = Office

## Conflicts
conflict-both = Different answers
conflict-holds = Holds for now
conflicts-title = In conflict
conflicts-none = Nothing that you wrote stands against another's.
conflicts-open = Waiting for the office
conflicts-open-how = What you wrote differs from another's. The office decides; both are kept.
conflicts-decided = Decided by the office
conflicts-holds-now = Now:{ " " }
conflicts-as-i-said = As you wrote
conflicts-i-said = You wrote: { $said } (kept, can be looked up)

## Diary
diary-title = Diary
diary-days = Another day
diary-before = Day before
diary-after = Day after
diary-on = Date
diary-go = Show
diary-not-yet = That day has not come yet, so it has no diary. Choose today or an earlier day.
diary-sum = Visits today: { $visits }, met: { $met }; calls: { $calls }; steps of matters: { $matters }.
diary-sum-day = Visits on this day: { $visits }, met: { $met }; calls: { $calls }; steps of matters: { $matters }.
diary-empty = Nothing yet today.
diary-empty-day = Nothing on this day.
diary-last = The last time was { $on }
diary-receipts = Each thing written down on this phone
diary-part = A long day: page { $part } of { $parts }
diary-part-before = Page before
diary-part-after = Next page
diary-there = There
diary-patrol = Note a round
take-back = Noted by mistake
take-back-now = Wrong touch? Take this one back
take-back-title = Take this one back
take-back-how = Taken back, it does not count: it is in none of today's figures, and nobody was there. That it was noted and taken back stays in the diary. Notes that were added stay too.
take-back-do = Take it back
take-back-not = No mistake, leave it
take-back-gone = Today's diary has no such entry: it was taken back already, or was not noted today, or not by you.
patrol-title = A round
patrol-where = Where
patrol-whole-grid = The whole grid
patrol-written = A round was noted at { $when } already: { $ended }. If you only went back and touched again, there is nothing more to note; to add words, take that one back in the diary and note it again.
patrol-enough = Noted already: back to the diary
patrol-another = I went round again: note another
patrol-note = What was seen (may be left out)
patrol-clear = All clear
patrol-found = Something found

## Me
me-led = What my work led to
me-led-how = For your eyes only: no ranking, no trail.
me-doors = { $n ->
    [one] door
   *[other] doors
 }
me-reported = reported
me-over = done
me-satisfied = satisfied
me-seen = Display
me-language = Language
me-size = Text size
me-size-normal = Normal
me-size-large = Large
me-trainings = My trainings
me-trainings-none = None is written down for you yet.
me-trainings-all = All { $n }
me-device = This phone
me-community = Community
me-office = Office
me-kept = Kept here
me-kept-how = { $doors ->
    [one] 1 door
   *[other] { $doors } doors
 }, { $people ->
    [one] 1 person
   *[other] { $people } people
 }, { $documents ->
    [one] 1 document
   *[other] { $documents } documents
 }, encrypted
me-version = Version
me-lock = Lock
me-locked = Locked.

## What was done
done-met = Noted: met.
done-not-home = Noted: nobody home. You will be reminded.
done-declined = Noted: would not talk.
done-call = The call is noted.
done-patrol = The round is noted.
done-taken-back = Taken back; it does not count.
done-note = The note is kept.
done-note-already = The same was noted a moment ago; it is not noted twice.
done-refused = Noted: the whole door refuses.
done-withdrawn = Noted: they agree again.
done-answer = Saved.
done-resident = Registered.
done-resident-odd = Registered. The last digit of the identity number does not fit: please look at the card again.
done-out = Noted: moved out.
done-occupancy-opened = The household is registered.
done-occupancy-closed = Noted: the household has left.
done-occupancy-closed-with = { $n ->
    [one] Noted: the household has left, and 1 person with it.
   *[other] Noted: the household has left, and { $n } people with it.
    }
done-moved = Noted: lives here now.
done-door = The door is registered; people can be added.
done-door-known = This door was there already: here it is.
done-ticket = Reported.
done-photos = The photos are kept, and go to the office when there is a signal.
done-step = The step is noted.
done-discarded = Put away.
done-settings = Done.
