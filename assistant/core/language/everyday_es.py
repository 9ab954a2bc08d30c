"""Spanish, in lower case: see `everyday.py` for what is in and what is left out on purpose."""

from __future__ import annotations

FUNCTION = """
yo tú él ella usted nosotros nosotras ellos ellas ustedes vosotros me te se nos os lo la los las le les mí ti sí
conmigo contigo consigo mi mis
tu tus su sus nuestro nuestra nuestros nuestras mío mía míos tuyo tuya suyo suya el un una unos unas al del a ante
bajo con contra de desde
durante en entre hacia hasta para por según sin sobre tras y e o u ni pero sino aunque porque pues que qué quien quién
quienes cual cuál cuales
cuándo cuando cómo como dónde donde cuánto cuanto cuánta si no ya aún aun todavía también tampoco muy más menos mucho
mucha muchos muchas
poco poca pocos pocas algo alguien algún alguna algunos algunas alguno nada nadie ningún ninguna ninguno otro otra
otros otras todo toda todos todas
cada cualquier cualquiera ambos ambas varios varias mismo misma mismos mismas tan tanto tanta tantos así aquí ahí allí
acá allá hoy ahora luego
después antes entonces siempre nunca jamás casi solo sólo apenas quizá quizás tal vez acaso bien mal mejor peor pronto
tarde temprano cerca lejos
dentro fuera arriba abajo delante detrás encima además incluso excepto salvo mientras este esta estos estas esto ese
esa esos esas eso aquel aquella
aquellos aquello hola buenos buenas días tardes noches querido querida estimado estimada gracias favor saludos saludo
abrazo abrazos atentamente cordialmente vale ok
soy eres es somos son sois fue fui fuimos fueron era eras eran éramos ser sido sea sean sería serían será estoy estás
está estamos están estar estado
estuve estuvo estuvimos estaba estaban esté estés estaría estarías estaré he has ha hemos han haber había habían hay
haya hubo habrá habría tengo tienes tiene
tenemos tienen tener tenido tenía tenga tengas tengan tendría tendrías tendré tuve tuvimos puedo puedes puede podemos
pueden poder podido pueda puedas podría podrías
podríamos pudiera quiero quieres quiere queremos quieren querer querido quería quisiera debo debes debe debemos deben
deber debería deberías debí voy vas va vamos
van ir ido iba vaya vayas iría hago haces hace hacemos hacen hacer hecho haga hagas haría haré
"""

VERBS = """
aceptar acepto aceptas acepta aconsejar aconsejas aconsejaste aconsejarías acompañar acordar acordarme acuerdo
agradecer agradezco agradecería agradecerte ajustar ajusto aprender aprendo aprendes aprendí
aportar apreciar aprecio apoyar aprovechar avanzar avanzamos ayudar ayuda ayudas ayudó ayudaría ayude buscar busco
buscas cambiar charlar charlamos charlemos comentar comentarte
comer comenzar comparar compartir comparto compartes compartes compartiste compartimos comprender comprendo considerar
contar cuento cuentas contarte contaste continuar conversar conversamos conversación
conocer conozco conoces crecer creer creo crees cuidar dar doy das da damos dado dé daría diste decidir decides decir
digo dices dice decimos dicho diga dime dijiste decirte
dejar dejo deja dejé desear deseo dudar duda dudes encantar encanta encantaría encontrar encuentro encontrarnos
encontremos encontramos enfocar entender entiendo entiendes entendería enviar envío escribir
escribo escribes escribe escribimos escribiste escribirte escribí escrito escuchar escucho escucharte esperar espero
esperas evitar explicar explicarte faltar gustar gusta gustaría gustó hablar hablo
hablas habla hablamos hablado hablemos hablaste hablarlo imaginar imagino importar importa importaría inspirar
intercambiar intercambiamos intentar interesar interesa interesaría invitar leer leo llamar llamo llamada
llegar llevar llevo mandar mantener mencionar mencionaste merecer mirar mostrar mover necesitar necesito necesitas
ocupar ocurrir ofrecer ofrezco olvidar olvido olvidado organizar pasar paso pasa pasado
pedir pido pedirte pensar pienso piensas pensando pensado pensé pensaba perder permitir planear poner pongo ponernos
pongamos preferir prefiero prefieres preguntar pregunto preguntarte preocupar preocupes preparar preparo
presentar proponer propongo quedar queda quedamos quedar recibir recomendar recomendaste recomendarías reconectar
recordar recuerdo recuerdas reflexionar reflexiono responder respondas respondo resultar retomar retomemos
reunir reunirnos reunimos saber sé sabes sabe sabemos saberlo sabido sepa sacar seguir sigo sigues sigue seguimos
sentir siento sientes servir sirve sirvió significar significa sonar suena sugerir sugeriste suponer tender tocar
tomar tomo tomas tomamos tomarnos tomemos trabajar trabajo trabajas trabajando tratar usar valer vale valdría valorar
valoro valoraría venir viene vienes venga ver veo ves ve vemos verte vernos vi vimos visto veamos veas
vivir volver vuelvo hubiera fuera fuese tuviera tuvieras pudieras pudiéramos apetece apetecería encaja encajar
convenga conviene coincidir coordinar
aconsejo agobies animarme animas atreverme avísame cuéntame cuéntanos dímelo escríbeme llámame házmelo
"""

NOUNS = """
actitud acuerdo agenda alegría aliada aliado amigo amiga amistad ángulo año aprendizaje apoyo asunto atención avance
ayuda cabeza café calendario calma cambio camino carrera carta caso
charla círculo claridad colega comienzo compañero compañera compromiso confianza consejo consejera consejero contacto
conversación corazón correo cosa curiosidad dato decisión desafío detalle día diferencia dificultad dirección
disponibilidad distancia duda dirección edad ejemplo encuentro energía equilibrio equipo error esfuerzo espacio espera
esperanza etapa experiencia explicación favor fin final foco forma fortaleza frase frustración fuerza futuro gana
ganas gente gracia gratitud gusto habilidad hora horario hueco idea impresión información inquietud intención
intercambio interés invitación lado lección línea lista llamada lugar manera mañana mano mensaje
mentor mentora mente mes meta minuto mirada momento motivación motivo mundo nombre nota noticia objetivo ocasión
oferta ojo opción opinión oportunidad orden palabra par parte paso pena
pensamiento persona perspectiva petición pie placer plan plazo posibilidad posición práctica pregunta preocupación
presión prioridad problema proceso progreso propósito propuesta punto razón reacción recomendación recuerdo reflexión
relación respeto respuesta resto resultado resumen reto reunión ritmo rol ruta semana sentido señal silencio situación
solución sugerencia suerte tarde tarea teléfono tema tiempo tono trabajo trato trayectoria
truco verdad vez veces versión vida videollamada visión vista voz
"""

ADJECTIVES = """
abierto actual adecuado agradable agradecido alto amable amplio ancho anterior atento bajo bonito breve bueno buen
calmado capaz cercano cierto claro cómodo completo complicado común concreto conocido consciente constante
contento corto crítico curioso debido definitivo delicado diferente difícil directo disponible distinto divertido
encantado entero especial estupendo exacto excelente externo fácil familiar feliz final flexible franco
fresco fuerte general genial gran grande honesto humano ideal igual importante imposible increíble informal inspirador
interesado interesante justo largo lento libre ligero limpio listo lleno maravilloso mayor
mejor menor mutuo natural necesario normal nuevo objetivo ocupado oportuno ordinario paciente pasado pendiente pequeño
perfecto permanente personal poderoso posible positivo práctico preciso preparado presente previo
primero primer principal privado profesional profundo pronto propio próximo puntual rápido raro razonable real
realista reciente regular relajado responsable seguro sencillo sensato serio simple sincero siguiente sólido
suave suficiente tercero técnico tranquilo último único urgente útil valioso valiente verdadero viejo virtual
"""

OTHER = """
realmente simplemente últimamente recientemente sinceramente honestamente directamente fácilmente especialmente
normalmente naturalmente probablemente seguramente personalmente exactamente claramente finalmente actualmente
posiblemente totalmente completamente perfectamente tranquilamente rápidamente brevemente inmediatamente regularmente
afortunadamente desgraciadamente efectivamente precisamente igualmente generalmente
andas anda ando liado liada ocupadísimo tal qué ratito rato poquito cafecito minutos horas semanas meses años días
veces ganas
"""
