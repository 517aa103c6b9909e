package io.hawser.hostile;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContentDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.cors.CorsHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;

/** Attacks that need code which we do not have: rows S21, S34, S38, S39, S52, S54, seen from the side of our code. */
@DisplayNameGeneration(RowNames.class)
class CodeRulesTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hawser");

    @Test
    void s21_nothingInflatesTheBodiesOfRequests() {
        noClasses()
                .should()
                .dependOnClassesThat(assignableTo(HttpContentDecoder.class)
                        .or(resideInAPackage("io.netty.handler.codec.compression..")))
                .check(MAIN);
    }

    @Test
    void s34_theHttpParserIsAsStrictAsNettyMadeIt() {
        Set<String> ours = Set.of("setMaxInitialLineLength", "setMaxHeaderSize");
        noClasses()
                .should(callMethodWhere(new DescribedPredicate<JavaMethodCall>("they loosen Netty's HTTP parser") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isEquivalentTo(HttpDecoderConfig.class)
                                && call.getName().startsWith("set")
                                && !ours.contains(call.getName());
                    }
                }))
                .check(MAIN);
        HttpDecoderConfig defaults = new HttpDecoderConfig();
        assertThat(((DefaultHttpHeadersFactory) defaults.getHeadersFactory()).isValidatingHeaderNames())
                .isTrue();
        assertThat(defaults.isStrictLineParsing()).isTrue();
        assertThat(defaults.isAllowDuplicateContentLengths()).isFalse();
        assertThat(defaults.isUseRfc9112TransferEncoding()).isTrue();
    }

    @Test
    void s38_aProgramGetsNoCodecThatWeDoNotUse() throws IOException {
        assertThat(netty())
                .isNotEmpty()
                .noneMatch(
                        line -> line.matches(
                                ".*netty-(all|codec-(dns|haproxy|memcache|mqtt|redis|smtp|socks|stomp|xml"
                                        + "|protobuf|marshalling|http2|http3|quic)|resolver-dns|handler-proxy|handler-ssl-ocsp).*"));
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.handler.codec.spdy..")
                        .or(resideInAPackage("io.netty.handler.codec.http.websocketx.."))
                        .or(resideInAPackage("io.netty.handler.codec.rtsp..")))
                .check(MAIN);
    }

    private static List<String> netty() throws IOException {
        try (InputStream list = CodeRulesTest.class.getResourceAsStream("/runtime-dependencies.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("io.netty:") && !line.contains("(optional)"))
                    .toList();
        }
    }

    @Test
    void s39_originsAreJudgedByUsAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CorsHandler.class.getPackageName())
                .check(MAIN);
    }

    /** The key of a handshake is digested, and is no secret. Programs that compare secrets: see examples/auth. */
    @Test
    void s52_theLibraryHasNoSecretToCompare() {
        noClasses()
                .that()
                .doNotHaveSimpleName("AcceptKey")
                .should()
                .dependOnClassesThat(assignableTo(MessageDigest.class).or(resideInAPackage("javax.crypto..")))
                .check(MAIN);
    }

    /** R17: drawing random numbers may wait for the kernel, so nothing on the way of a message draws any. */
    @Test
    void s54_onlySessionIdsAreDrawnAndOnlyFromSecureRandom() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.SessionIds")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(SecureRandom.class)
                .check(MAIN);
        noClasses()
                .that()
                .haveSimpleName("SessionIds")
                .should(callMethodWhere(new DescribedPredicate<JavaMethodCall>("they draw from another generator") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isAssignableTo(Random.class)
                                && !call.getTargetOwner().isAssignableTo(SecureRandom.class);
                    }
                }))
                .check(MAIN);
    }
}
