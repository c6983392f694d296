package import Kernel

/// What a conversation about government services may ask of the server or of the machine.
package enum OneStopRequest: Sendable, Equatable, Codable {
    /// Begins an application: the form, or for whom to apply if the person holds mandates for the item.
    case apply(item: String)
    /// The form of an item; `mandate` is empty for oneself.
    case form(item: String, mandate: String)
    case check(FormSubmission)
    case submit(FormSubmission, requestID: String)
    /// Sends a file on this machine; answered by `.uploaded`.
    case upload(path: String, contentTypes: [String], requestID: String)

    case applications(page: String)
    case application(name: String)
    /// The questions that an application is asked again.
    case supplementForm(application: String)
    case supplement(application: String, answers: [SubmittedAnswer], note: String, requestID: String)
    case withdraw(application: String, reason: String, requestID: String)
    /// `claim` is the secret of a ticket that was taken without an account; empty otherwise.
    case rate(subject: String, grade: Int, comment: String, claim: String, requestID: String)
    case ratings(page: String)
    case confirmRectification(rating: String, isSatisfied: Bool, comment: String, requestID: String)

    case household
    case addMember(NewMember, requestID: String)

    case mandates(page: String)
    /// The latest looks at the person's own data.
    case dataAccesses
    case createMandate(NewMandate, requestID: String)
    /// `words` name the one that is wanted, if any.
    case bundles(words: String)
    case bundleForm(BundleView, optionalItems: [String])
    case submitBundle(name: String, optionalItems: [String], answers: [SubmittedAnswer], requestID: String)
    case bundleCases(page: String)
    case bundleCase(name: String)

    case query(item: String)
    case runQuery(item: String, parameters: [SubmittedAnswer], mandate: String, requestID: String)

    case certificates(page: String)
    case certificate(name: String)
    /// Writes the PDF to a file on this machine; answered by `.saved`.
    case saveCertificate(name: String, path: String)
    case verifyCertificate(text: String)
    case findProof(words: String)

    case halls(HallPurpose)
    case slots(hall: HallView, group: HallView.Group)
    case book(NewAppointment, requestID: String)
    case appointments(page: String)
    case takeTicket(hall: String, group: String, item: String, requestID: String)
    case ticket(name: String, claim: String)

    case verifyIdentity(idNumber: String, name: String, code: String, requestID: String)
    /// Which kiosk shows a sign-in code; nobody is signed in.
    case kiosk(code: String)
    case act(Act, requestID: String)
}

/// Small acts: chosen, confirmed, done.
package enum Act: Sendable, Equatable, Codable {
    case urge(application: String)
    case removeMember(name: String)
    case revokeMandate(name: String)
    case cancelAppointment(name: String)
    case cancelTicket(name: String, claim: String)
    case confirmKioskSignIn(code: String)
    case forgetAnswers
}

/// What halls are asked for.
package enum HallPurpose: Sendable, Equatable, Codable {
    /// `item` and `itemText` are empty if nothing was said.
    case appointment(item: String, itemText: String)
    case ticket
    /// The hall of the kiosk that asks.
    case ticketHere
}

/// Answers to a form of the server.
package struct FormSubmission: Sendable, Equatable, Codable {
    package var item: String
    package var revision: Int
    /// `mandates/{id}`; empty for oneself.
    package var mandate: String
    package var answers: [SubmittedAnswer]

    package init(item: String, revision: Int, mandate: String, answers: [SubmittedAnswer]) {
        self.item = item
        self.revision = revision
        self.mandate = mandate
        self.answers = answers
    }
}

/// One answer as it is sent.
package struct SubmittedAnswer: Sendable, Equatable, Codable {
    package var question: String
    package var value: String
    package var isFromKnown: Bool

    package init(question: String, value: String, isFromKnown: Bool = false) {
        self.question = question
        self.value = value
        self.isFromKnown = isFromKnown
    }
}

/// Somebody to add to the household.
package struct NewMember: Sendable, Equatable, Codable {
    package var name: String
    package var relation: HouseholdMemberView.Relation
    package var idNumber: String

    package init(name: String, relation: HouseholdMemberView.Relation, idNumber: String) {
        self.name = name
        self.relation = relation
        self.idNumber = idNumber
    }
}

/// A mandate to give.
package struct NewMandate: Sendable, Equatable, Codable {
    package var item: String
    package var agentPhone: String
    package var agentName: String
    /// Of a counter or grid worker; empty for a person with phone and name.
    package var agentAccount: String
    package var days: Int

    package init(
        item: String, agentPhone: String = "", agentName: String = "", agentAccount: String = "", days: Int
    ) {
        self.item = item
        self.agentPhone = agentPhone
        self.agentName = agentName
        self.agentAccount = agentAccount
        self.days = days
    }
}

/// A time to book.
package struct NewAppointment: Sendable, Equatable, Codable {
    package var hall: String
    package var group: String
    package var start: Instant
    package var item: String

    package init(hall: String, group: String, start: Instant, item: String) {
        self.hall = hall
        self.group = group
        self.start = start
        self.item = item
    }
}

/// Answers about government services.
package enum OneStopResponse: Sendable, Equatable, Codable {
    case applyChoice(item: String, title: String, mandates: [MandateView])
    case form(FormView)
    case checked(CheckView)
    case submitted(ApplicationView)
    case uploaded(name: String, shown: String)

    case applications([ApplicationView], next: String)
    case application(ApplicationView)
    case supplementForm(ApplicationView, FormView)
    case supplemented(ApplicationView)
    case withdrawn(ApplicationView)
    case rated(RatingView)
    case ratings([RatingView], next: String)
    case rectificationConfirmed(RatingView)

    case household([HouseholdMemberView])
    case memberAdded(HouseholdMemberView)

    case mandates([MandateView], next: String)
    case mandateCreated(MandateView)
    case bundles([BundleView], words: String)
    case bundleForm(BundleView, optionalItems: [String], FormView)
    case bundleSubmitted(BundleCaseView)
    case bundleCases([BundleCaseView], next: String)
    case bundleCase(BundleCaseView)

    case query(QueryView)
    case queryAnswer(QueryAnswerView)
    case dataAccesses([DataAccessView])

    case certificates([CertificateView], next: String)
    case certificate(CertificateView)
    case saved(path: String)
    case verified(VerificationView)
    case proofs(types: [ProofView], refused: [RefusedProofView], words: String)

    case halls([HallView], HallPurpose)
    case slots([SlotView], hall: HallView, group: HallView.Group)
    case booked(AppointmentView)
    case appointments([AppointmentView], next: String)
    case ticket(TicketView)
    case ticketTaken(TicketView)

    case identityVerified(Person)
    case kiosk(text: String, code: String)
    case acted(Act, text: String)
    /// The application as it is after it was urged.
    case urged(ApplicationView)
}
