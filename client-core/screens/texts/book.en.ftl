# Words of the book in English. The book itself is Chinese, and Chinese needs no text here: a word is shown as it stands.

## Between several
book-between = {", "}

book-own = Owner-occupied
book-let = Let
book-lent = Lent
book-vacant = Vacant
book-business = Business
book-head = Head of household
book-spouse = Spouse
book-child = Child
book-parent = Parent
book-grandchild = Grandchild
book-sibling = Sibling
book-tenant = Tenant
book-other = Other
book-permanent = Permanent
book-temporary = Temporary
book-elsewhere = Registered here, lives elsewhere
book-alone = Elderly living alone
book-empty-nest = Elderly with children away
book-dependent = Cannot care for themselves
book-disabled = Disabled
book-allowance = On the minimum living allowance
book-hardship = In extreme hardship
book-party = Party member
book-veteran = Veteran
book-volunteer = Volunteer
book-male = Male
book-female = Female
book-yes = Yes
book-no = No
