# What the device itself says, in English. The Chinese stands where it is said, in client-core and proto: a test looks
# that each sentence there stands here, with the same values.

## Counted
time-seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
 }
time-minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
 }
time-hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
 }
time-days = { $n ->
    [one] 1 day
   *[other] { $n } days
 }
clock-fast = The clock of this phone is { $span } fast. What you write bears the office's time, so nothing is wrong; please set the clock right.
clock-slow = The clock of this phone is { $span } slow. What you write bears the office's time, so nothing is wrong; please set the clock right.
policy-device-older = The rules of merging on this phone are older than the office's: where answers differ, another one may be shown here for now. Nothing is lost; please update the app.
policy-office-older = The rules of merging at the office are older than this phone's: where answers differ, what the office shows counts. Nothing is lost; please tell the office to update.

## Opening the device
open-rescue = What was unsent stands in the rescue file as well; please take the phone to the office, where it can be read.
open-wrong-pin = Wrong PIN; { $left ->
    [one] 1 attempt is
   *[other] { $left } attempts are
 } left.
open-wrong-pin-wait = Wrong PIN; { $left ->
    [one] 1 attempt is
   *[other] { $left } attempts are
 } left. The next one is possible in { $wait }.
open-locked-out = Too many wrong PINs; please try again in { $wait }. { $left ->
    [one] 1 attempt is
   *[other] { $left } attempts are
 } left.
open-locked-for-good = Too many wrong PINs; this phone is locked. { $rescue }
open-keystore = The file with the key is damaged; the data cannot be opened. { $rescue }
open-wrong-key = Key and data do not belong together (a file may have been exchanged). { $rescue }
open-damaged = The data file is damaged; it was kept as it is. { $rescue }
open-missing = The data file is not there. { $rescue }
open-not-here = No phone was enrolled here yet. Please choose a PIN and enrol it.
open-already-here = There is a phone's data here already; please unlock it.
open-in-use = Another program has this phone's data open. Please close it first.
open-pin-too-short = The PIN needs at least 6 digits.
open-too-new = A newer version of the app wrote this data. Please update the app.
open-file = A file could not be read or written. Please see whether there is space left, and try again.
open-memory = Too little memory to open it. Please close other apps and try again.
open-random = The system has no randomness right now; please restart the phone and try again.

## Edits
edit-not-enrolled = This phone is not enrolled yet. Please enrol it with the office's code.
edit-unit = The unit cannot be read. Please write 1单元 or 1; leave it empty if there is none.
edit-room = The room cannot be read. Please write it like 101.
edit-building = The office's book has no such building. Please sync first; if it is still missing, ask the office.
edit-grid = It is not clear to which grid this belongs. Please sync once first.
edit-unknown = There is no such { $what } on this phone. Please sync first; if it is still missing, ask the office.
edit-no-such-field = There is no field “{ $field }”. Please update the app.
edit-value = “{ $field }” was not saved: { $why }
edit-role = “{ $what }” is not for your post. Please ask the grid's leader or the office.
edit-nothing-to-change = Nothing to save: this { $what } says so already.
edit-not-possible = Not saved: { $why }.
edit-too-large = Too much at a time; please save it in several goes.
edit-write-rescue = Not saved: a file could not be written. Please see whether there is space left, and try again.
edit-damaged = Not saved: the data file is damaged. Please take the phone to the office; what came before stands in the rescue file.
edit-keep = Not saved: the data could not be written. Please see whether there is space left, and try again.
edit-failed = Not saved: something failed in the app. Please open it again and retry; if it fails again, take the phone to the office.
what-building = building
what-unit = unit
what-room = room
what-household = door
what-occupancy = household
what-resident = resident
what-ticket = matter
what-diary = diary
what-grid = grid
what-command = record
value-empty = Nothing was filled in. To take it back, choose “take back”.
value-phone = This does not look like a phone number. Please write the 11 digits of a mobile, or a landline with its area code.
value-identity = This does not look like an identity number. It has 18 characters; the last may be an X.
value-too-long = It is too long; at most { $max } characters.
value-id = This is not a number of anything.
value-date = This is not a date. Please write it like 1980-01-31.
value-count = Please write a number from 0 to { $max }.
value-flag = Please say yes or no.
value-long-ago = { $day } is too long ago. Please check it once more.
value-not-yet = { $day } has not come yet. Please check it once more; if the clock of this phone is wrong, set it right first.
value-form = It does not have the right form.
value-bounds = It is too long, or out of bounds.
not-a-day-gone-by = { $day } is over; choose today or later
not-too-long = it is too long; about 2600 characters at most
not-anothers-entry = only whoever noted it can take it back
not-an-earlier-days-entry = only what was noted today can be taken back; what is older has been counted on its day. Add a note at the door instead
not-taken-back-twice = it was taken back already
not-a-note-of-the-diary = the diary takes visits, calls and rounds, no notes
not-an-empty-note = the note is empty
not-a-nobody = please fill in one thing at least, such as the name; “would not say” is an answer too
not-a-door = the number of the door is wrong
not-a-date = the date cannot be read; please write it like 2025-01-31
not-a-photo = the number of the photo is wrong
not-the-number-of-a-door = the number of a door cannot be changed; register the right door, and ask the office to void this one
not-before-coming = they left before they came ({ $since }); please check the day once more
not-refused-yet = what was not refused cannot be put away
not-without-a-matter = photos belong to a matter
not-so-many-photos = at most 9 photos at a time
not-one-photo-more = this matter has as many photos as it can have
not-of-the-future = a newer version of the app wrote this; please update the app and sync
photo-not-a-picture = This picture cannot be read, so it was not kept. Please take one with the camera, or choose a JPEG, PNG or WebP.
photo-too-large = This picture is too large, so it was not kept. Please take one with the camera's normal mode.
flag-1 = it was not reported yet
flag-2 = it was reported before
flag-3 = this step was taken before
flag-4 = a later step was taken already
flag-5 = the matter is over
flag-6 = somebody had completed it before; this stays as an addition
flag-7 = the resident was not told yet
flag-8 = nobody has checked it yet
flag-9 = a large matter is not done on the spot
flag-10 = it is before the joint meeting, and closed by its procedure
flag-11 = it is not done yet, so there is no opinion of it
flag-12 = it does not say who is to do it
flag-13 = it does not say until which day
flag-14 = it does not say whether they were satisfied
flag-15 = it does not say of which matter it is a duplicate
flag-16 = another record has the same number
flag-17 = a step that this version does not know

## Looks and questions
look-damaged = Not shown: the data file is damaged, so the look cannot be written down. Please take the phone to the office.
look-keep = Not shown: the look cannot be written down. Please see whether there is space left, and try again.
look-failed = Not shown: something failed in the app. Please open it again and retry; if it fails again, take the phone to the office.
query-damaged = The data file is damaged. Please take the phone to the office; what was unsent stands in the rescue file.
query-read = The data cannot be read; please open the app again.
export-read = The data cannot be read; nothing was exported. Please open it again and retry.
export-make = A document does not fit together; nothing was exported. Please take the phone to the office.

## The way to the office
enrol-unreachable = This address cannot be reached. See whether the office's address is right, then whether there is a network.
reach-unreachable = The office cannot be reached. Nothing unsent is lost; it goes when there is a network.
reach-broken-off = The connection broke. Nothing is lost; please sync once more.
reach-too-large = The office's answer is too large to be right, and was not taken. Please update the app and sync.
enrol-read-answer = This does not look like an office. Please check the address and try again.
enrol-other-worker = This phone holds unsent work of somebody else, so it cannot be handed on. Its worker should sync first.
enrol-keep = The enrolment could not be kept. Please see whether there is space left, and ask for another code.
sync-not-the-office = This is not the office where the phone was enrolled; nothing was taken and nothing is lost. Please try another network; if it stays so, call the office.
sync-read-reply = The office's answer cannot be read; the versions may differ. Please update the app and sync. Nothing unsent is lost.
sync-no-progress = It was sent several times and nothing moved. Nothing unsent is lost; please try later, or call the office.
sync-keep = What came could not be kept. Please see whether there is space left, and sync again. Nothing unsent is lost.
sync-failed = Something failed in the app, and nothing was sent. Nothing unsent is lost; please open the app again.
sync-no-answer = The office did not answer as it should. Nothing unsent is lost; please try later.
code-malformed = What was sent cannot be read. The line may have failed or the versions differ; please update and sync again.
code-too-large = Too much was sent at once. Please update the app and sync.
code-wire-version = App and office speak different versions. Please update the app; nothing unsent is lost.
code-not-signed = The office does not know this phone. Please have it enrolled again at the office; nothing unsent is lost.
code-replayed = This request came before. Please sync once more.
code-revoked = The office took this phone's access back. What was unsent is kept at the office; please call them.
code-enrol-code = The code is wrong, used or expired. Please ask the office for another.
code-too-many = Too many attempts. Please try again in a few minutes.
code-too-often = This phone syncs too often. Nothing unsent is lost; it goes by itself after a while.
code-check-failed = The contents do not add up, so the office did not take it. Please sync again; if it stays so, take the phone to the office.
code-predecessor = The step before it is not at the office yet. Nothing is lost; once that is there, this goes in.
code-structure = The office cannot read its form, so it is not in the book (the app may be newer than the office). Please take the phone to the office.
code-fork = Another phone uses the same data (a clone, or a restored copy). The office keeps it, and it is done again by itself.
code-not-the-author = It is not signed by this phone's worker. The office keeps it for somebody to look at.
code-not-the-actor = It comes from what belongs to another phone. The office keeps it for somebody to look at.
code-out-of-scope = This door is not in your grid (the grids may just have changed). The office keeps it for somebody to look at.
code-role-may-not = This is not for your post. Please ask the grid's leader or the office.
code-value-form = What was filled in has the wrong form, so it is not in the book. Please mend it and save again.
code-value-bounds = What was filled in is too long or out of bounds, so it is not in the book. Please shorten it and save again.
code-key-missing = The key to read it is missing. The office keeps it; please sync once more.
code-unknown-building = The office's book has no such building. The office keeps it for somebody to look at.
code-id-parts = Address and number of the door do not fit, so the office did not take it. Please take the phone to the office.
code-unknown-door = The door of this resident is not in the office's book yet. The office keeps it until somebody has dealt with the door.
code-put-away = The office looked at it and put it away; it is not in the book. If it should be, please register it again; if in doubt, ask the office.
code-taken-before = This is in the book already (another phone may have brought it); nothing is left to do.
code-given-back = The office was restored from a backup; this was given back and does not fit what came later. The office keeps it for somebody to look at.
code-held-full = The office keeps so much of this phone for review that this stays on the phone for now; it is not lost. Once the office has dealt with some, it goes by itself.
code-put-away-done-again = The office looked at it and put it away: it was done again. Nothing is left to do.
code-put-away-not-theirs = The office looked at it and put it away: it was not your work. If it was, please tell the office.
code-put-away-mistake = The office looked at it and put it away: a mistake. If it was none, please register it again.
code-put-away-trial = The office looked at it and put it away: a trial. Nothing is left to do.
code-busy = The office is busy. It goes by itself after a while.
code-internal = Something failed at the office. Nothing unsent is lost; it goes by itself after a while.
code-office-damaged = The office's database is damaged, so it takes nothing now. All is kept on the phone and goes by itself once it is mended. Please tell the office's administrator.
code-office-full = The office's disk is full, so it takes nothing now. All is kept on the phone and goes by itself once there is room. Please tell the office's administrator.
code-sign-in = Please sign in first.
code-not-found = It was not found.
code-candidates-changed = Another answer has just come; please look again before you decide.
code-choice-not-possible = This cannot be chosen here.
code-not-yours = This page or step is not for your post. If you need it, ask the administrator.
code-photo-unknown = The record of this photo is not at the office yet, or not for you. The photo is kept on the phone and goes by itself once the record is there.
code-photo-damaged = What came of the photo does not fit its record, so the office did not keep it. The photo is on the phone and is sent again from the beginning.

## What was done
act-unknown = something of a newer version
act-register-door = the door is registered
act-open-occupancy = household registered ({ $kind })
act-close-occupancy = household left on { $until }
act-register-resident = registered
act-move = moved on { $on }
act-move-out = moved out on { $on }
act-refuse = the whole door refuses
act-agree-again = agrees again
act-note = note
act-visit = visit, { $outcome }
act-call = call, { $outcome }
call-reached = answered
call-not-reached = no answer
act-patrol = round, { $outcome }
act-take-back = { $what } taken back
act-report = matter reported ({ $category })
act-photos = { $n ->
    [one] 1 photo
   *[other] { $n } photos
 }
act-change = { $field } changed
act-refused = { $field }: would not say
act-unknown-to-them = { $field }: does not know
act-clear = { $field } taken back
todo-put-away = Once you have seen it you can put it away.
todo-kept-do-again = The office keeps it. Please mend it as it says and do it again; the office deals with this one.
todo-pending = It goes with the next sync.
todo-waiting = The office waits for the one before it; it goes by itself.
todo-waiting-room = Once the office has dealt with some of what it keeps, it goes by itself.
todo-do-again = Please mend it as it says and do it again; once you have seen it you can put it away.
todo-nothing = Nothing; the office deals with it.

## What things are called
field-building = Building
field-unit = Unit
field-room = Room
field-household = Door
field-until = Left on
field-category = Category
field-size = How large
field-source = Heard where
field-grid = Grid
field-text = What it is
field-reporter = Told by
field-reported-on = Reported on
field-resident = Told by resident
field-worker = Worker
field-on = Day
field-tags = Tags
field-notes = Notes
field-refusals = Refusal of the whole door
field-decisions = Decisions
field-links = Links
field-events = What happened
field-photos = Photos
field-entries = Entries
field-fields = Particulars
field-occupancies = Households
stage-0 = not reported
stage-1 = reported
stage-2 = accepted
stage-3 = assigned
stage-4 = in progress
stage-5 = resident told
stage-6 = checked
stage-7 = closed
stage-8 = rated
stage-9 = done on the spot
stage-10 = joint meeting
stage-11 = sent back
stage-12 = void
stage-13 = duplicate
role-1 = Staff of the office
role-2 = Leader of the grid
role-3 = Assistant of the leader
role-4 = Grid worker
role-5 = Head of a building
role-6 = Coordinator
role-7 = Liaison
role-8 = Supervisor
because-latest = the latest, for now
because-rank = by the higher post
because-refusal = somebody would not say, which comes first
because-all = all of them hold
because-decided = decided by the office
by-name = name
by-initials = initials
by-pinyin = pinyin
by-phone = phone
by-identity = identity number
by-address = address
by-room = room
by-building = building
by-text = its words
by-category = category
by-reporter = who told it
hit-moved-out = moved out
hit-people = { $n } registered
hit-refuses = whole door refuses
hit-matters = { $n ->
    [one] 1 open matter
   *[other] { $n } open matters
 }
