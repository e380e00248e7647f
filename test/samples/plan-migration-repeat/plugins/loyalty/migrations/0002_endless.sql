-- repeat: true

update points set level = 1;
