package io.hawser.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the chat promises to its clients. Each test has rooms of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ChatTest {

    private static final String KEY = "0123456789abcdef";

    private ChatServer chat;
    private int port;

    @BeforeAll
    void start() {
        chat = ChatServer.start(0);
        port = chat.port();
    }

    @AfterAll
    void stop() {
        chat.close();
    }

    @Test
    void whoJoinsHearsWhoIsThereAndTheOthersHearOfIt() throws Exception {
        try (ChatClient ada = new ChatClient(port);
                ChatClient bob = new ChatClient(port)) {
            ada.join("presence", "ada");
            assertEquals(List.of("ada"), users(ada.hear("joined")));

            bob.join("presence", "bob");
            JsonNode joined = bob.hear("joined");
            assertEquals("presence", joined.path("room").stringValue());
            assertEquals("bob", joined.path("user").stringValue());
            assertEquals(List.of("ada", "bob"), users(joined));
            assertEquals("bob", ada.hear("user-joined").path("user").stringValue());
        }
    }

    @Test
    void aMessageReachesEveryMemberInOrderItsAuthorIncluded() throws Exception {
        try (ChatClient ada = ChatClient.in("order", "ada", port);
                ChatClient bob = ChatClient.in("order", "bob", port)) {
            ada.hear("user-joined");
            for (int i = 0; i < 100; i++) {
                ada.post("order", "message " + i);
            }
            for (ChatClient client : List.of(ada, bob)) {
                for (int i = 0; i < 100; i++) {
                    JsonNode message = client.hear("message");
                    assertEquals("ada", message.path("user").stringValue());
                    assertEquals("message " + i, message.path("text").stringValue());
                    assertTrue(message.path("at").isIntegralNumber());
                }
            }
        }
    }

    @Test
    void whoLeavesIsToldAndTheOthersHearOfItAndNothingElseComes() throws Exception {
        try (ChatClient ada = ChatClient.in("leaving", "ada", port);
                ChatClient bob = ChatClient.in("leaving", "bob", port)) {
            ada.hear("user-joined");
            bob.leave("leaving");
            assertEquals("bob", bob.hear("user-left").path("user").stringValue());
            assertEquals("bob", ada.hear("user-left").path("user").stringValue());

            ada.post("leaving", "alone at last");
            ada.hear("message");
            bob.join("elsewhere", "bob");
            bob.hear("joined"); // and not Ada's message, which was sent before
        }
    }

    @Test
    void aClosedConnectionLeavesItsRoomsByItself() throws Exception {
        try (ChatClient ada = ChatClient.in("closing", "ada", port)) {
            ChatClient bob = ChatClient.in("closing", "bob", port);
            ada.hear("user-joined");
            bob.close();
            assertEquals("bob", ada.hear("user-left").path("user").stringValue());

            try (ChatClient again = new ChatClient(port)) {
                again.join("closing", "bob");
                assertEquals(List.of("ada", "bob"), users(again.hear("joined")));
            }
        }
    }

    @Test
    void onlyMembersOfARoomReadIt() throws Exception {
        try (ChatClient ada = ChatClient.in("members", "ada", port);
                ChatClient eve = ChatClient.in("outside", "eve", port)) {
            ada.post("members", "between us");
            ada.hear("message");
            eve.post("outside", "anybody?");
            assertEquals("anybody?", eve.hear("message").path("text").stringValue());
        }
    }

    @Test
    void onlyMembersOfARoomPostToItOrLeaveIt() throws Exception {
        try (ChatClient ada = ChatClient.in("private", "ada", port);
                ChatClient eve = ChatClient.in("public", "eve", port)) {
            eve.post("private", "let me in");
            assertEquals("not-joined", eve.hearError());
            eve.leave("private");
            assertEquals("not-joined", eve.hearError());
            ada.post("private", "quiet here");
            assertEquals("quiet here", ada.hear("message").path("text").stringValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{",
                "[]",
                "null",
                "7",
                "{'type':'leave','room':'a'} {}",
                "{'type':'leave','type':'join','room':'a'}",
                "{'type':'leave','room':'a',}"
            })
    void whatIsNotOneJsonObjectIsAnsweredByAnError(String text) throws Exception {
        assertEquals("bad-json", errorFor(text));
    }

    @Test
    void deepJsonIsAnsweredByAnError() throws Exception {
        assertEquals("bad-json", errorFor("{'type':" + "[".repeat(5000)));
    }

    @Test
    void aBinaryMessageIsAnsweredByAnError() throws Exception {
        try (ChatClient client = new ChatClient(port)) {
            client.sayBinary(new byte[] {1, 2, 3});
            assertEquals("bad-json", client.hearError());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'shout','room':'a'}",
                "{'type':'JOIN','room':'a','user':'b'}",
                "{'type':7}",
                "{'type':null}",
                "{'type':{'type':'join'}}"
            })
    void anUnknownTypeIsAnsweredByAnError(String text) throws Exception {
        assertEquals("unknown-type", errorFor(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad-room | {'type':'join','user':'ada'}",
                "bad-room | {'type':'join','room':'','user':'ada'}",
                "bad-room | {'type':'join','room':' a','user':'ada'}",
                "bad-room | {'type':'join','room':['a'],'user':'ada'}",
                "bad-room | {'type':'join','room':'abcdefghijklmnopqrstuvwxyz0123456','user':'ada'}",
                "bad-room | {'type':'leave','room':'a/b'}",
                "bad-user | {'type':'join','room':'a'}",
                "bad-user | {'type':'join','room':'a','user':7}",
                "bad-user | {'type':'join','room':'a','user':'a\\u202eb'}",
                "bad-user | {'type':'join','room':'a','user':'a\\u0000b'}",
                "bad-user | {'type':'join','room':'a','user':'e\\u0301'}",
                "bad-user | {'type':'join','room':'a','user':'\\ud83d'}",
                "bad-user | {'type':'join','room':'a','user':'<script>'}",
                "bad-key  | {'type':'join','room':'a','user':'b','key':'short'}",
                "bad-key  | {'type':'join','room':'a','user':'b','key':null}",
                "bad-text | {'type':'message','room':'a'}",
                "bad-text | {'type':'message','room':'a','text':' \\n '}",
                "bad-text | {'type':'message','room':'a','text':'\\ud83d'}",
                "bad-text | {'type':'message','room':'a','text':'a\\u0007'}"
            })
    void aBadFieldIsAnsweredByAnError(String code, String text) throws Exception {
        assertEquals(code, errorFor(text));
    }

    @Test
    void aTextOfTheLargestSizeIsTakenAndOneCharacterMoreIsNot() throws Exception {
        try (ChatClient ada = ChatClient.in("long", "ada", port)) {
            String largest = "\uD83D\uDE80".repeat(2000);
            ada.post("long", largest);
            assertEquals(largest, ada.hear("message").path("text").stringValue());
            ada.post("long", largest + "x");
            assertEquals("bad-text", ada.hearError());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada Lovelace", "José", "Эмми", "अमर्त्य", "李明", "o-k_1.2"})
    void namesOfEveryScriptAreTaken(String user) throws Exception {
        try (ChatClient client = new ChatClient(port)) {
            client.join("scripts", user);
            assertEquals(user, client.hear("joined").path("user").stringValue());
        }
    }

    @Test
    void anErrorNeverRepeatsWhatWasSentAndNeverEndsTheConnection() throws Exception {
        try (ChatClient client = new ChatClient(port)) {
            String secret = "xyzzy-plugh";
            for (String text :
                    List.of(secret, "{'type':'" + secret + "'}", "{'type':'join','room':'<" + secret + ">'}")) {
                client.say(text);
                assertFalse(client.hear("error").toString().contains(secret));
            }
            client.join("alive", "ada");
            client.hear("joined");
        }
    }

    @Test
    void aNameBelongsToOneMemberOfARoom() throws Exception {
        try (ChatClient ada = ChatClient.in("names", "ada", port);
                ChatClient eve = new ChatClient(port)) {
            eve.join("names", "ada");
            assertEquals("name-taken", eve.hearError());
            eve.say("{'type':'join','room':'names','user':'ada','key':'" + KEY + "'}");
            assertEquals("name-taken", eve.hearError());
            eve.post("names", "I am Ada");
            assertEquals("not-joined", eve.hearError());
            ada.post("names", "I am");
            ada.hear("message");
        }
    }

    @Test
    void aConnectionJoinsARoomOnce() throws Exception {
        try (ChatClient ada = ChatClient.in("once", "ada", port)) {
            ada.join("once", "bob");
            assertEquals("already-joined", ada.hearError());
        }
    }

    @Test
    void aConnectionJoinsSoManyRoomsAndNoMore() throws Exception {
        try (ChatClient ada = new ChatClient(port)) {
            for (int i = 0; i < 8; i++) {
                ada.join("many " + i, "ada");
                ada.hear("joined");
            }
            ada.join("many 8", "ada");
            assertEquals("too-many-rooms", ada.hearError());
            ada.leave("many 0");
            ada.hear("user-left");
            ada.join("many 8", "ada");
            ada.hear("joined");
        }
    }

    @Test
    void whoShowsTheKeyTakesTheSeatOverAndNobodySeesThemGo() throws Exception {
        String join = "{'type':'join','room':'seats','user':'ada','key':'" + KEY + "'}";
        try (ChatClient bob = ChatClient.in("seats", "bob", port);
                ChatClient before = new ChatClient(port);
                ChatClient after = new ChatClient(port)) {
            before.say(join);
            before.hear("joined");
            bob.hear("user-joined");

            after.say(join);
            assertEquals(List.of("ada", "bob"), users(after.hear("joined")));
            assertEquals(4001, before.closeCode());
            after.post("seats", "back");
            assertEquals("ada", bob.hear("message").path("user").stringValue());
        }
    }

    private String errorFor(String text) throws Exception {
        try (ChatClient client = new ChatClient(port)) {
            client.say(text);
            return client.hearError();
        }
    }

    private static List<String> users(JsonNode joined) {
        return joined.path("users").valueStream().map(JsonNode::stringValue).toList();
    }
}
