/// Sends short texts to phones. An effect: it happens after the commit that made it necessary.
package protocol Notifier: Sendable {
    /// Hands a text over for sending. It may come late or not at all: nothing may depend on it having come.
    ///
    /// - Throws: if the text could not even be handed over.
    func send(_ text: PhoneText) async throws
}

/// A text for a phone. Shows neither number nor text by accident.
package struct PhoneText: Sendable, Equatable, CustomStringConvertible {
    /// Normalized mobile number, 11 digits.
    package let phone: String
    /// At most 70 characters make one SMS.
    package let text: String

    package init(phone: String, text: String) {
        self.phone = phone
        self.text = text
    }

    package var description: String { "PhoneText(hidden)" }
}
